import TrackerSQLite
import TrackerSystem

/// What tells whether a store was written that is read without any lock, because nothing may be written beside it.
struct FileStamp: Equatable {
  private let path: String
  private let file: FileStatus?
  private let logSize: Int

  /// - Returns: `nil` where the connection's own locks keep what it reads as it is
  init?(_ connection: Connection, _ path: String) {
    guard connection.mode == .immutable else { return nil }
    self.init(path)
  }

  private init(_ path: String) {
    self.path = path
    file = try? FileStatus(path)
    logSize = FileFacts.byteCount("\(path)-wal")
  }

  /// - Throws: ``StoreError`` with ``StoreError/Reason/busy``
  func requireUnchanged() throws {
    guard self != FileStamp(path) else { return }
    throw StoreError(
      .busy, "reading \(path): somebody wrote to it meanwhile",
      advice: "Try again. Who may write beside the store can read it at any time.")
  }
}
