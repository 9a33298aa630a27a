package import TrackerSystem
import TrackerCSV
import TrackerDeflate

/// Examples to be classified, with or without their labels.
package struct Examples {
  /// The numbers, row-major.
  package let numbers: [Double]
  /// The class of each row; `nil` where they are not told.
  package let labels: [Int]?
  /// The rows.
  package let rowCount: Int

  /// Reads examples for a network that was trained on `trained`: a table with as many values a row, or one more, the
  /// label, or images in IDX form; each plain or as gzip.
  ///
  /// - Parameters:
  ///   - open: begins to read the file from its start
  ///   - name: the file's name, for messages
  ///   - layout: that of the table that the network was trained on, and whether this one has a header
  /// - Throws: ``DatasetError``
  package init(
    reading open: () throws -> PieceSource, name: String, layout: CSVLayout, like trained: Dataset,
    limit: DataLimit = .current
  ) throws {
    do {
      var head: [UInt8] = []
      let first = try Gzip.decompressed(open())
      while head.count < 4, let piece = try first() { head += piece }
      if IDXArray.isArray(head) {
        let images = try IDXArray(open(), name: name, limit: limit)
        guard images.rowSize == trained.featureCount else {
          throw Self.mismatch(name, images.rowSize, "values an example", trained)
        }
        (numbers, labels, rowCount) = (images.values, nil, images.shape[0])
        return
      }
    } catch let damage as Gzip.Damage {
      throw DatasetError(damage, name: name)
    } catch let error as CSVError { throw DatasetError(error, name: name) }
    let count = try Self.columnCount(open(), name: name, limit: limit)
    let inputs = trained.featureCount + layout.dropped.count
    guard count == inputs || count == inputs + 1 else {
      throw Self.mismatch(name, count, "columns", trained)
    }
    var layout = layout
    if count == inputs {
      // Without the labels the columns behind them have moved up.
      if case .number(let label) = layout.labelColumn {
        layout.dropped = layout.dropped.map { column in
          if case .number(let number) = column, number > label {
            .number(number - 1)
          } else {
            column
          }
        }
      }
      layout.labelColumn = nil
    }
    let table = try NumberTable(csv: open(), name: name, layout: layout, limit: limit)
    (numbers, rowCount) = (table.numbers, table.rowCount)
    labels = layout.labelColumn == nil ? nil : try Self.labels(table, trained.classNames, name)
  }

  private static func mismatch(
    _ name: String, _ count: Int, _ what: String, _ trained: Dataset
  ) -> DatasetError {
    DatasetError(
      "\(name) has \(count) \(what), and the network has \(trained.featureCount) inputs",
      advice: "Give as many values an example; in a table there may be one more, the label.")
  }

  private static func columnCount(
    _ source: @escaping PieceSource, name: String, limit: DataLimit
  ) throws -> Int {
    do {
      var reader = try CSVReader(Gzip.decompressed(source), limit: limit.row)
      var row: [CSVReader.Field] = []
      guard try reader.next(into: &row) else { throw DatasetError("\(name) holds no rows") }
      return row.count
    } catch let damage as Gzip.Damage {
      throw DatasetError(damage, name: name)
    } catch let error as CSVError { throw DatasetError(error, name: name) }
  }

  /// The classes of the table's labels among those that are known.
  private static func labels(
    _ table: NumberTable, _ classNames: [String], _ name: String
  ) throws -> [Int] {
    let (texts, labels) = table.labels.distinct()
    let known = Dictionary(
      classNames.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let classes = try texts.map { text in
      guard let label = known[text] ?? known[ClassLabels.name(text)] else {
        throw DatasetError(
          "\(name): the label \"\(text)\" is not one of the classes",
          advice: "The classes are: \(classNames.prefix(20).joined(separator: ", "))")
      }
      return label
    }
    return labels.map { classes[$0] }
  }
}
