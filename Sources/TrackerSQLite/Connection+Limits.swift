import CTrackerSQLite
import Synchronization

extension Connection {
  /// Does `body` while no text or blob that a statement makes or reads may be longer than `length`, and all of this
  /// process's connections together take at most `memory` more than they do now, both in bytes: what is longer fails
  /// with ``SQLiteError/tooBig``, what takes more with ``SQLiteError/outOfMemory``.
  ///
  /// One call of a function is one step to SQLite, however much it makes: no time-out ends it. SQLite limits the
  /// memory of a process, not of a connection: what others write meanwhile can fail for want of memory, too.
  package func limited<R>(length: Int32, memory: Int64, _ body: () throws -> R) rethrows -> R {
    let longest = sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, length)
    Self.memoryLimits.withLock { $0.begin(memory) }
    defer {
      sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, longest)
      Self.memoryLimits.withLock { $0.end() }
    }
    return try body()
  }

  private static let memoryLimits = Mutex(MemoryLimits())
}

/// The limits of memory that hold at a time: the first sets SQLite's, and the last to end takes it away.
private struct MemoryLimits {
  private var count = 0

  mutating func begin(_ memory: Int64) {
    count += 1
    if count == 1 { _ = sqlite3_hard_heap_limit64(sqlite3_memory_used() + memory) }
  }

  mutating func end() {
    count -= 1
    if count == 0 { _ = sqlite3_hard_heap_limit64(0) }
  }
}
