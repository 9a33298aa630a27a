import CTrackerSQLite

extension Connection {
  /// Does `body` while no text or blob that a statement makes or reads may be longer than `length`, and all of this
  /// process's connections together take at most `memory`, both in bytes: what is longer fails with
  /// ``SQLiteError/tooBig``, what takes more with ``SQLiteError/outOfMemory``.
  ///
  /// One call of a function is one step to SQLite, however much it makes: no time-out ends it.
  package func limited<R>(length: Int32, memory: Int64, _ body: () throws -> R) rethrows -> R {
    let longest = sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, length)
    let most = sqlite3_hard_heap_limit64(memory)
    defer {
      sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, longest)
      _ = sqlite3_hard_heap_limit64(most)
    }
    return try body()
  }
}
