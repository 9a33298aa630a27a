import Synchronization

/// A connection that any thread may use, one at a time.
///
/// Unchecked, because the compiler cannot see that the connection never leaves the lock: `body` must
/// not keep it.
package final class SerializedConnection: @unchecked Sendable {
  private let lock = Mutex(())
  private var connection: Connection?

  /// Takes a connection over; nobody else may use it from here on.
  package init(_ connection: Connection) { self.connection = connection }

  /// Lends the connection, and keeps all others waiting meanwhile.
  ///
  /// - Precondition: it was not closed, and `body` does not call this again
  package func use<R>(_ body: (Connection) throws -> R) rethrows -> R {
    try lock.withLock { _ in
      guard let connection else { preconditionFailure("the connection is closed") }
      return try body(connection)
    }
  }

  /// Closes the connection now: of several to one file, the order matters.
  package func close() { lock.withLock { _ in connection = nil } }
}
