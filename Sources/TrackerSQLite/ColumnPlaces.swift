/// Reads a row's columns by their names; where they stand is looked up once for all rows of a statement.
package struct ColumnPlaces: Sendable {
  private let places: [String: Int]

  /// The places of a statement's columns.
  package init(_ statement: borrowing Statement) {
    var places: [String: Int] = [:]
    for column in 0..<statement.columnCount { places[statement.columnName(column)] = column }
    self.places = places
  }

  /// Where the column of this name is. One that is not there is a mistake in the statement.
  package subscript(name: String) -> Int {
    guard let place = places[name] else { preconditionFailure("there is no column \(name)") }
    return place
  }
}
