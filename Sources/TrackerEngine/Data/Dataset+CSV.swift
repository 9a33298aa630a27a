/// Which column of a table holds the labels.
public enum LabelColumn: Hashable, Sendable, LosslessStringConvertible {
  /// The last one.
  case last
  /// The one of this number, from 1.
  case number(Int)
  /// The one that the header names so.
  case name(String)

  /// Reads `last`, a number from 1, or a name.
  public init?(_ description: String) {
    if description.isEmpty { return nil }
    if description == "last" {
      self = .last
    } else if let number = Int(description) {
      guard number >= 1 else { return nil }
      self = .number(number)
    } else {
      self = .name(description)
    }
  }

  /// What it says in words.
  public var description: String {
    switch self {
    case .last: "last"
    case .number(let number): "\(number)"
    case .name(let name): name
    }
  }
}

extension Dataset {
  /// Reads a table of numbers with a column of labels, as comma-separated values (RFC 4180), or as gzip
  /// of it.
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
    csv bytes: [UInt8], name: String, labelColumn: LabelColumn = .last, hasHeader: Bool = false
  ) throws {
    var table = try NumberTable(csv: bytes, name: name, hasHeader: hasHeader, text: labelColumn)
    let texts = table.takeTexts()
    let isNumeric = texts.allSatisfy { Double($0) != nil }
    let classNames = Set(texts).sorted { a, b in
      isNumeric ? (Double(a) ?? 0, a) < (Double(b) ?? 0, b) : a < b
    }
    let indices = Dictionary(uniqueKeysWithValues: classNames.enumerated().map { ($1, $0) })
    try self.init(
      name: name, sha256: bytes.withUnsafeBytes { Self.sha256($0) }, features: table.numbers,
      labels: texts.map { indices[$0] ?? 0 }, classNames: classNames,
      featureCount: table.columnCount)
  }
}

/// A table of numbers, with one column of texts if it was asked for.
package struct NumberTable {
  /// The numbers, row-major, without the column of texts.
  package private(set) var numbers: [Double] = []
  /// The numbers of a row.
  package private(set) var columnCount = 0
  /// The rows.
  package private(set) var rowCount = 0
  private var texts: [String] = []

  mutating func takeTexts() -> [String] {
    defer { texts = [] }
    return texts
  }

  /// Reads a table.
  ///
  /// - Parameter text: the column that is read as text; `nil`: none
  /// - Throws: ``DatasetError`` with line and column
  package init(csv bytes: [UInt8], name: String, hasHeader: Bool, text: LabelColumn?) throws {
    let content = try Self.decompressed(bytes, name: name)
    var reader = CSVReader(content, name: name)
    var fieldCount: Int?
    var textIndex: Int?
    var row: [CSVReader.Field] = []
    var isHeader = hasHeader
    while try reader.next(into: &row) {
      if fieldCount == nil {
        fieldCount = row.count
        textIndex = try Self.index(
          of: text, in: isHeader ? row.map(\.text) : nil, count: row.count, name: name)
        columnCount = row.count - (textIndex == nil ? 0 : 1)
        guard columnCount > 0 else {
          throw DatasetError("\(name): there is one column only, so there are no inputs")
        }
        if isHeader {
          isHeader = false
          continue
        }
      }
      guard row.count == fieldCount else {
        throw DatasetError(
          "\(name), line \(reader.rowLine): \(row.count) values, where the first row has \(fieldCount ?? 0)",
          advice: "Every row needs as many values; put values with commas between quotes.")
      }
      for (index, field) in row.enumerated() {
        if index == textIndex {
          texts.append(field.text.trimmed)
          continue
        }
        guard let number = field.number else {
          throw DatasetError(
            "\(name), line \(reader.rowLine), column \(index + 1): \"\(field.text.prefix(40))\" is no number",
            reason: rowCount == 0 && !hasHeader ? .headerLikely : .malformed)
        }
        guard number.isFinite else {
          throw DatasetError(
            "\(name), line \(reader.rowLine), column \(index + 1): \(number) is not a finite number",
            advice: "Leave such rows out, or put a number in their place.")
        }
        numbers.append(number)
      }
      rowCount += 1
    }
    guard rowCount > 0 else { throw DatasetError("\(name) holds no rows") }
  }

  static func decompressed(_ bytes: [UInt8], name: String) throws -> [UInt8] {
    guard Gzip.isCompressed(bytes) else { return bytes }
    do { return try Gzip.decompress(bytes) } catch let damage as Gzip.Damage {
      throw DatasetError("\(name): \(damage.what)", advice: "Fetch or compress the file anew.")
    }
  }

  private static func index(
    of column: LabelColumn?, in header: [String]?, count: Int, name: String
  ) throws -> Int? {
    switch column {
    case nil: return nil
    case .last: return count - 1
    case .number(let number):
      guard number <= count else {
        throw DatasetError("\(name) has \(count) columns, so there is no column \(number)")
      }
      return number - 1
    case .name(let label):
      guard let header else {
        throw DatasetError(
          "\(name): column \"\(label)\" can be found by name only with a header",
          reason: .headerNeeded)
      }
      guard let index = header.firstIndex(where: { $0.trimmed == label }) else {
        throw DatasetError(
          "\(name) has no column named \"\(label)\"",
          advice: "It has: \(header.prefix(20).joined(separator: ", "))")
      }
      return index
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}

extension NumberTable {
  /// The values of a table's first row.
  package static func columnCount(csv bytes: [UInt8], name: String) throws -> Int {
    var reader = CSVReader(try decompressed(bytes, name: name), name: name)
    var row: [CSVReader.Field] = []
    guard try reader.next(into: &row) else { throw DatasetError("\(name) holds no rows") }
    return row.count
  }
}

/// A table whose last column holds labels of classes that are known already.
package struct LabelledTable {
  /// The numbers, row-major.
  package let numbers: [Double]
  /// The class of each row.
  package let labels: [Int]

  /// - Throws: ``DatasetError`` for a label that is none of `classNames`
  package init(csv bytes: [UInt8], name: String, hasHeader: Bool, classNames: [String]) throws {
    var table = try NumberTable(csv: bytes, name: name, hasHeader: hasHeader, text: .last)
    let indices = Dictionary(uniqueKeysWithValues: classNames.enumerated().map { ($1, $0) })
    labels = try table.takeTexts().enumerated().map { row, text in
      guard let label = indices[text] else {
        throw DatasetError(
          "\(name), example \(row + 1): \"\(text)\" is none of the classes",
          advice: "The classes are: \(classNames.prefix(20).joined(separator: ", "))")
      }
      return label
    }
    numbers = table.numbers
  }
}
