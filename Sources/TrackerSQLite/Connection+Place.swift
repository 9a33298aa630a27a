import CTrackerSQLite

extension Connection {
  /// Whether another file, or none, has the name that this one was opened by: it was moved, deleted or replaced.
  ///
  /// SQLite goes on writing into the old file, and its log beside the new one, which the log would damage.
  package var hasMoved: Bool {
    var moved: Int32 = 0
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved)
    return moved != 0
  }

  /// - Throws: ``SQLiteError`` with ``SQLiteError/moved`` when the file has not its name any more
  package func requirePlace() throws(SQLiteError) {
    guard hasMoved else { return }
    throw SQLiteError(
      extendedCode: SQLiteError.moved, message: "the file was moved, replaced or deleted",
      sql: nil)
  }

  /// Leaves the log as it is when the connection closes: it belongs to a file that was moved.
  package func keepLogAtClose() { setOption(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true) }
}
