import CTrackerSQLite

/// What SQLite refused, and at which statement. Bound values are left out: they may be private.
package struct SQLiteError: Error, Hashable, CustomStringConvertible {
  /// The extended result code, such as 2067 for a violated uniqueness.
  package let extendedCode: Int32
  /// SQLite's own words.
  package let message: String
  /// The statement, if there was one.
  package let sql: String?
  /// The system's error number (`errno`) behind it; 0 if there is none.
  package let systemCode: Int32

  /// The primary result code, such as ``busy``.
  package var code: Int32 { extendedCode & 0xFF }

  package init(extendedCode: Int32, message: String, sql: String?, systemCode: Int32 = 0) {
    self.extendedCode = extendedCode
    self.message = message
    self.sql = sql
    self.systemCode = systemCode
  }

  /// A statement that does not fit the schema, above all.
  package static let error = SQLITE_ERROR
  /// Another connection holds the lock.
  package static let busy = SQLITE_BUSY
  /// Another statement of the same connection holds the lock.
  package static let locked = SQLITE_LOCKED
  /// The file may not be written.
  package static let readOnly = SQLITE_READONLY
  /// The statement was interrupted.
  package static let interrupted = SQLITE_INTERRUPT
  /// Reading or writing the disk failed.
  package static let inputOutput = SQLITE_IOERR
  /// The file is damaged.
  package static let corrupt = SQLITE_CORRUPT
  /// The disk is full.
  package static let full = SQLITE_FULL
  /// The file cannot be opened.
  package static let cannotOpen = SQLITE_CANTOPEN
  /// The file is not a database.
  package static let notADatabase = SQLITE_NOTADB
  /// The authorizer refused the statement.
  package static let authorization = SQLITE_AUTH
  /// A constraint is violated.
  package static let constraint = SQLITE_CONSTRAINT
  /// The library is used wrongly.
  package static let misuse = SQLITE_MISUSE
  /// There is not enough memory.
  package static let outOfMemory = SQLITE_NOMEM
  /// A value of another type than the column's.
  package static let mismatch = SQLITE_MISMATCH
  /// A text or a blob beyond SQLite's limit.
  package static let tooBig = SQLITE_TOOBIG
  /// An extended code: the file was moved, replaced or deleted while it was open.
  package static let moved = SQLITE_READONLY | (4 << 8)

  /// What it says in words.
  package var description: String {
    "SQLite: \(message) (\(extendedCode))" + (sql.map { " in \($0)" } ?? "")
  }
}
