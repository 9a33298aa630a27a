import CTrackerSQLite

/// What SQLite refused, and at which statement. Bound values are left out: they may be private.
public struct SQLiteError: Error, Hashable, CustomStringConvertible {
  /// The extended result code, such as 2067 for a violated uniqueness.
  public let extendedCode: Int32
  /// SQLite's own words.
  public let message: String
  /// The statement, if there was one.
  public let sql: String?
  /// The system's error number (`errno`) behind it; 0 if there is none.
  public let systemCode: Int32

  /// The primary result code, such as ``busy``.
  public var code: Int32 { extendedCode & 0xFF }

  package init(extendedCode: Int32, message: String, sql: String?, systemCode: Int32 = 0) {
    self.extendedCode = extendedCode
    self.message = message
    self.sql = sql
    self.systemCode = systemCode
  }

  /// A statement that does not fit the schema, above all.
  public static let error = SQLITE_ERROR
  /// Another connection holds the lock.
  public static let busy = SQLITE_BUSY
  /// Another statement of the same connection holds the lock.
  public static let locked = SQLITE_LOCKED
  /// The file may not be written.
  public static let readOnly = SQLITE_READONLY
  /// The statement was interrupted.
  public static let interrupted = SQLITE_INTERRUPT
  /// Reading or writing the disk failed.
  public static let inputOutput = SQLITE_IOERR
  /// The file is damaged.
  public static let corrupt = SQLITE_CORRUPT
  /// The disk is full.
  public static let full = SQLITE_FULL
  /// The file cannot be opened.
  public static let cannotOpen = SQLITE_CANTOPEN
  /// The file is not a database.
  public static let notADatabase = SQLITE_NOTADB
  /// The authorizer refused the statement.
  public static let authorization = SQLITE_AUTH
  /// A constraint is violated.
  public static let constraint = SQLITE_CONSTRAINT
  /// The library is used wrongly.
  public static let misuse = SQLITE_MISUSE
  /// There is not enough memory.
  public static let outOfMemory = SQLITE_NOMEM
  /// A value of another type than the column's.
  public static let mismatch = SQLITE_MISMATCH
  /// A text or a blob beyond SQLite's limit.
  public static let tooBig = SQLITE_TOOBIG
  /// An extended code: the file was moved, replaced or deleted while it was open.
  public static let moved = SQLITE_READONLY | (4 << 8)

  /// What it says in words.
  public var description: String {
    "SQLite: \(message) (\(extendedCode))" + (sql.map { " in \($0)" } ?? "")
  }
}
