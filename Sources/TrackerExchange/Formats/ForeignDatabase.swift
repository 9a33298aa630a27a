import TrackerSQLite
import TrackerSystem
import TrackerStore

/// Another program's SQLite file, opened so that it stays as it is.
struct ForeignDatabase {
  let connection: Connection
  private let path: String

  /// - Throws: ``ForeignError`` if it is not a database that can be read
  init(_ path: String) throws {
    self.path = path
    do {
      connection = try Self.connection(path)
      connection.distrustSchema()
    } catch let error as SQLiteError { throw Self.failure(path, error) }
  }

  /// Whether it is a database with at least these tables.
  static func hasTables(_ names: [String], _ path: String) -> Bool {
    guard SourceFile.isFile(path), let file = try? SourceFile.open(path) else { return false }
    var start = [UInt8](repeating: 0, count: 16)
    guard (try? start.withUnsafeMutableBytes { try file.read(into: $0) }) == 16,
      start.elementsEqual("SQLite format 3\0".utf8), let database = try? ForeignDatabase(path)
    else { return false }
    return names.allSatisfy { !database.columns($0).isEmpty }
  }

  /// Where a program that writes it is alive, its log must be read too; where none is, nothing may be left
  /// beside a file that is not ours.
  private static func connection(_ path: String) throws -> Connection {
    let connection: Connection
    if exists("\(path)-wal") {
      connection = try Connection(path: path, mode: .readOnly)
      connection.setBusyTimeout(milliseconds: 5_000)
    } else {
      connection = try Connection(path: path, mode: .immutable)
    }
    _ = try connection.row("SELECT count(*) FROM sqlite_schema") { $0.integer(0) }
    return connection
  }

  /// The columns of a table; none where there is no such table, or where it is a view.
  func columns(_ table: String) -> [String] {
    let isTable = try? connection.row(
      "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", [.text(table)]
    ) { _ in true }
    guard isTable ?? nil == true else { return [] }
    return
      (try? connection.rows("SELECT name FROM pragma_table_info(?)", [.text(table)]) { $0.text(0) })
      ?? []
  }

  /// The rows of a query.
  func rows<Row>(
    _ sql: String, _ values: [SQLiteValue] = [], _ read: (borrowing Statement) throws -> Row
  ) throws -> [Row] {
    do { return try connection.rows(sql, values, read) } catch let error as SQLiteError {
      throw Self.failure(path, error)
    }
  }

  /// A column where the table has it, else NULL: other versions have other columns.
  func expression(_ column: String, of table: String, in columns: [String]) -> String {
    columns.contains(column) ? "\(table).\"\(column)\"" : "NULL"
  }

  private static func failure(_ path: String, _ error: SQLiteError) -> ForeignError {
    ForeignError.malformed("reading \(path): \(error.message)")
  }
}
