import TrackerValues

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

  /// The text that is read as it.
  public var description: String {
    switch self {
    case .last: "last"
    case .number(let number): "\(number)"
    case .name(let name): name
    }
  }
}

/// What the columns of a table are.
public struct CSVLayout: Hashable, Sendable {
  /// Where the labels stand; `nil`: there are none.
  public var labelColumn: LabelColumn?
  /// Whether the first row names the columns; `nil`: nobody said, and a first row that looks so is refused.
  public var hasHeader: Bool?
  /// Columns that are left out.
  public var dropped: [LabelColumn]

  /// A layout; by default the labels are in the last column.
  public init(
    labelColumn: LabelColumn? = .last, hasHeader: Bool? = nil, dropped: [LabelColumn] = []
  ) {
    self.labelColumn = labelColumn
    self.hasHeader = hasHeader
    self.dropped = dropped
  }

  /// The places of the columns in a row, from 0.
  ///
  /// - Parameters:
  ///   - header: the columns' names, if they have some
  ///   - count: the columns
  ///   - name: the file's name, for messages
  /// - Throws: ``DatasetError`` for a column that is not there
  func places(
    header: [String]?, count: Int, name: String
  ) throws -> (label: Int?, dropped: Set<Int>) {
    let label = try labelColumn.map { try Self.place(of: $0, header, count, name) }
    let places = Set(try dropped.map { try Self.place(of: $0, header, count, name) })
    if let label, places.contains(label) {
      throw DatasetError(
        "\(name): column \(label + 1) holds the labels, and cannot be left out",
        reason: .labelColumn)
    }
    return (label, places)
  }

  private static func place(
    of column: LabelColumn, _ header: [String]?, _ count: Int, _ name: String
  ) throws -> Int {
    switch column {
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
