import TrackerSQLite
import TrackerSystem

/// What the file system says of files.
enum FileFacts {
  /// The size in bytes; 0 where there is no file.
  static func byteCount(_ path: String) -> Int {
    var information = stat()
    return stat(path, &information) == 0 ? Int(information.st_size) : 0
  }

  /// The file itself, at the end of all links: SQLite keeps its log beside that one. `path` where there is no file.
  static func resolved(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The folder that a file is in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// `path`, or the first of `path-2`, `path-3` … that no file has; with `suffix` behind it.
  static func unusedName(_ path: String, _ suffix: String = "") -> String {
    if !exists(path + suffix) { return path + suffix }
    var number = 2
    while exists("\(path)-\(number)\(suffix)") { number += 1 }
    return "\(path)-\(number)\(suffix)"
  }

  static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether a file begins as an SQLite database does.
  static func isStore(_ path: String) -> Bool {
    // One that this process has open is not opened once more: closing it would drop SQLite's locks.
    if let file = FileIdentity(path: path), OpenDatabases.contain(file) { return true }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var start = [UInt8](repeating: 0, count: 16)
    return !isFolder(path) && read(descriptor, &start, 16) == 16
      && start == Array("SQLite format 3\0".utf8)
  }

  /// Whether a file is the first page of a store and nothing more, though it says that there is a log: it was copied
  /// without it while it was in use.
  static func lacksItsLog(_ path: String) -> Bool {
    guard byteCount(path) > 0, !exists("\(path)-wal"), let file = FileIdentity(path: path),
      !OpenDatabases.contain(file)
    else { return false }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var start = [UInt8](repeating: 0, count: 108)
    // The versions for writing and reading (2: with a log), and the number of objects on the first page, which are the
    // schema's (https://sqlite.org/fileformat2.html, sections 1.3 and 1.6).
    return read(descriptor, &start, start.count) == start.count
      && start.starts(with: Array("SQLite format 3\0".utf8))
      && start[18] == 2 && start[19] == 2 && start[100] == 13 && start[103] == 0 && start[104] == 0
  }

  /// Whether two paths lead to one file.
  static func isSame(_ a: String, _ b: String) -> Bool {
    var (first, second) = (stat(), stat())
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev
      && first.st_ino == second.st_ino
  }
}
