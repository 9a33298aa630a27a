package import TrackerSystem
import TrackerCSV
import TrackerDeflate
import TrackerValues

extension Dataset {
  /// Reads a table of numbers with a column of labels, as comma-separated values (RFC 4180; semicolons and tabs separate,
  /// too), or as gzip of it.
  ///
  /// Labels that are all numbers are classes in numeric order, others in the order of their text.
  ///
  /// - Parameters:
  ///   - bytes: the file's content
  ///   - name: the file's name
  ///   - labelColumn: where the labels stand
  ///   - hasHeader: whether the first row names the columns
  /// - Throws: ``DatasetError`` with the line and column of what is wrong
  public init(
    csv bytes: [UInt8], name: String, labelColumn: LabelColumn = .last, hasHeader: Bool? = nil
  ) throws {
    try self.init(
      csv: pieces(of: bytes), name: name,
      layout: CSVLayout(labelColumn: labelColumn, hasHeader: hasHeader))
  }

  /// Reads such a table piece by piece.
  package init(
    csv source: @escaping PieceSource, name: String, layout: CSVLayout,
    limit: DataLimit = .current
  ) throws {
    let hash = PassingHash()
    let table = try NumberTable(
      csv: hash.counting(source), name: name, layout: layout, limit: limit)
    let (classNames, labels) = table.labels.classes()
    let column = (table.labelPlace ?? 0) + 1
    let remarks = try table.labels.remarks(name: name, column: column) + table.remarks
    try self.init(
      name: name, sha256: hash.finish(), features: table.numbers, labels: labels,
      classNames: classNames, featureCount: table.columnCount)
    self.remarks = remarks
  }
}

/// A table of numbers, with one column of labels if there is one.
package struct NumberTable {
  /// The numbers, row-major, without the labels and what is left out.
  package private(set) var numbers: [Double] = []
  /// The numbers of a row.
  package private(set) var columnCount = 0
  /// The rows.
  package private(set) var rowCount = 0
  /// The labels.
  private(set) var labels = ClassLabels()
  /// Where the labels stand, from 0.
  private(set) var labelPlace: Int?
  /// What looks odd, in words.
  private(set) var remarks: [String] = []

  private let name: String
  private let limit: DataLimit
  private var fieldCount = 0
  private var dropped: Set<Int> = []
  /// Columns that have counted the rows so far, from 0 or from 1.
  private var counting: [(place: Int, first: Double)] = []

  /// Reads a table.
  ///
  /// - Throws: ``DatasetError`` with line and column
  package init(
    csv source: @escaping PieceSource, name: String, layout: CSVLayout, limit: DataLimit = .current
  ) throws {
    self.name = name
    self.limit = limit
    do {
      var reader = try CSVReader(Gzip.decompressed(source), limit: limit.row)
      try read(&reader, layout)
    } catch let damage as Gzip.Damage {
      throw DatasetError(damage, name: name)
    } catch let error as CSVError { throw DatasetError(error, name: name) }
    for (place, first) in counting where rowCount >= 10 {
      remarks.append(
        "\(name), column \(place + 1) counts the rows from \(Int(first)). A model can learn the rows' order from it: "
          + "leave it out.")
    }
  }

  private mutating func read(
    _ reader: inout CSVReader, _ layout: CSVLayout
  ) throws {
    var row: [CSVReader.Field] = []
    var isFirst = true
    while try reader.next(into: &row) {
      if isFirst {
        isFirst = false
        if try begin(row, reader, layout) { continue }
      }
      guard row.count == fieldCount else {
        throw DatasetError(
          "\(name), line \(reader.rowLine): \(row.count) values, where the first row has \(fieldCount)",
          advice: "Every row needs as many values; put values with commas between quotes.")
      }
      try takeNumbers(row, reader, hasHeader: layout.hasHeader == true)
      if let labelPlace { try takeLabel(row[labelPlace], labelPlace, reader) }
      rowCount += 1
      guard numbers.count + rowCount <= limit.values else { throw limit.exceeded(by: name) }
    }
    guard rowCount > 0 else { throw DatasetError("\(name) holds no rows") }
  }

  /// Learns from the first row what the columns are.
  ///
  /// - Returns: whether the row only names them
  private mutating func begin(
    _ row: [CSVReader.Field], _ reader: CSVReader, _ layout: CSVLayout
  ) throws -> Bool {
    fieldCount = row.count
    let hasHeader = layout.hasHeader == true
    var header: [String]?
    if hasHeader {
      header = try row.enumerated().map { place, field in
        guard let text = reader.text(of: field) else { throw notUTF8(reader.rowLine, place) }
        return text
      }
    }
    (labelPlace, dropped) = try layout.places(header: header, count: row.count, name: name)
    columnCount = row.count - dropped.count - (labelPlace == nil ? 0 : 1)
    guard columnCount > 0 else {
      throw DatasetError(
        "\(name): there is one column only, so there are no inputs",
        advice: "Values are separated by commas, semicolons or tabs.")
    }
    let counts = row.indices.allSatisfy { place in
      place == labelPlace && reader.number(of: row[place]) == nil
        || reader.number(of: row[place]) == Double(place)
    }
    if layout.hasHeader == nil, row.count >= 3, counts {
      throw DatasetError(
        "\(name), line \(reader.rowLine): the first row, 0,1,2 …, looks like a header: numbers of columns",
        reason: .headerOrData)
    }
    return hasHeader
  }

  private mutating func takeNumbers(
    _ row: [CSVReader.Field], _ reader: CSVReader, hasHeader: Bool
  ) throws {
    for (place, field) in row.enumerated() where place != labelPlace && !dropped.contains(place) {
      guard let number = reader.number(of: field) else {
        throw notNumber(field, reader, place, isFirst: rowCount == 0 && !hasHeader)
      }
      guard number.isFinite else {
        throw DatasetError(
          "\(name), line \(reader.rowLine), column \(place + 1): \(number) is not a finite number",
          advice: "Leave such rows out, or put a number in their place.")
      }
      if rowCount == 0, number == 0 || number == 1 { counting.append((place, number)) }
      numbers.append(number)
    }
    if rowCount > 0, !counting.isEmpty {
      counting.removeAll { reader.number(of: row[$0.place]) != $0.first + Double(rowCount) }
    }
  }

  private func notNumber(
    _ field: CSVReader.Field, _ reader: CSVReader, _ place: Int, isFirst: Bool
  ) -> DatasetError {
    let text = reader.excerpt(of: field)
    var advice: String?
    var reason = DatasetError.Reason.malformed
    if text.contains(",") {
      advice = "Write decimal points, not commas."
    } else if text.contains(";") || text.contains("\t") {
      advice =
        "Values are separated by commas, semicolons or tabs: by one of them in the whole file."
    } else if isFirst {
      reason = .headerLikely
    } else if text.trimmed.isEmpty {
      advice = "Leave such rows out, or put a number in their place."
    } else {
      reason = .columnOfTexts(place + 1)
    }
    return DatasetError(
      "\(name), line \(reader.rowLine), column \(place + 1): \"\(text)\" is not a number",
      advice: advice,
      reason: reason)
  }

  private func notUTF8(_ line: Int, _ place: Int) -> DatasetError {
    DatasetError(
      "\(name), line \(line), column \(place + 1): the text is not UTF-8",
      advice: "Convert the file: iconv -f latin1 -t utf-8 \(name) > converted.csv")
  }

  private mutating func takeLabel(
    _ field: CSVReader.Field, _ place: Int, _ reader: CSVReader
  ) throws {
    guard let text = reader.text(of: field) else { throw notUTF8(reader.rowLine, place) }
    do { try labels.append(text.trimmed) } catch {
      throw DatasetError(
        "\(name), line \(reader.rowLine), column \(place + 1): \(error.what)",
        reason: .noLabel)
    }
  }
}

extension DatasetError {
  init(_ damage: Gzip.Damage, name: String) {
    self.init("\(name): \(damage.what)", advice: "Fetch or compress the file again.")
  }
}
