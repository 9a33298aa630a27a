import TrackerSQLite
import TrackerSystem

/// What the file system says of files.
enum FileFacts {
  /// The size in bytes; 0 where there is no file.
  static func byteCount(_ path: String) -> Int { (try? FileStatus(path))?.byteCount ?? 0 }

  /// The folder that a file is in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Whether a file begins as an SQLite database does.
  static func isStore(_ path: String) -> Bool {
    // One that this process has open is not opened once more: closing it would drop SQLite's locks.
    if let file = FileIdentity(path: path), OpenDatabases.contain(file) { return true }
    return start(of: path, count: magic.count) == magic
  }

  /// Whether a file is the first page of a store and nothing more, though it says that there is a log: it was copied
  /// without it while it was in use.
  static func lacksItsLog(_ path: String) -> Bool {
    guard byteCount(path) > 0, !exists("\(path)-wal"), let file = FileIdentity(path: path),
      !OpenDatabases.contain(file), let start = start(of: path, count: 108)
    else { return false }
    // The versions for writing and reading (2: with a log), and the number of objects on the first page, which are the
    // schema's (https://sqlite.org/fileformat2.html, sections 1.3 and 1.6).
    return start.starts(with: magic)
      && start[18] == 2 && start[19] == 2 && start[100] == 13 && start[103] == 0 && start[104] == 0
  }

  private static let magic = Array("SQLite format 3\0".utf8)

  /// The first bytes of a regular file; `nil` where it is shorter or cannot be read.
  private static func start(of path: String, count: Int) -> [UInt8]? {
    guard let file = try? FileDescriptor(readingRegularFile: path) else { return nil }
    var start = [UInt8](repeating: 0, count: count)
    let read = try? start.withUnsafeMutableBytes { try file.read(into: $0) }
    return read == count ? start : nil
  }
}
