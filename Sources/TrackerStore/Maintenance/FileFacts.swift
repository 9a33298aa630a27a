import TrackerSystem

/// What the file system says of files.
enum FileFacts {
  /// The size in bytes; 0 where there is no file.
  static func byteCount(_ path: String) -> Int {
    var information = stat()
    return stat(path, &information) == 0 ? Int(information.st_size) : 0
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// `path`, or the first of `path-2`, `path-3` … that no file has.
  static func unusedName(_ path: String) -> String {
    if !exists(path) { return path }
    var number = 2
    while exists("\(path)-\(number)") { number += 1 }
    return "\(path)-\(number)"
  }

  static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether a file begins as an SQLite database does.
  static func isStore(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var start = [UInt8](repeating: 0, count: 16)
    return !isFolder(path) && read(descriptor, &start, 16) == 16
      && start == Array("SQLite format 3\0".utf8)
  }

  /// Removes what processes left beside `target` that were killed while they made it: files named by
  /// it, the number of a process that is gone, and `part`.
  static func removeLeftovers(of target: String) {
    let slash = target.lastIndex(of: "/")
    let folder = slash.map { String(target[...$0]) } ?? "./"
    let name = slash.map { String(target[target.index(after: $0)...]) } ?? target
    guard let entries = opendir(folder) else { return }
    defer { closedir(entries) }
    while let entry = readdir(entries) {
      let file = withUnsafePointer(to: entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard file.hasPrefix(name + "."), file.contains(".part") else { continue }
      let parts = file.dropFirst(name.count + 1).split(separator: ".")
      guard parts.count == 2, parts[1].hasPrefix("part"), let pid = Int32(parts[0]), pid > 0,
        pid == getpid() || (kill(pid, 0) != 0 && errno == ESRCH)
      else { continue }
      unlink(folder + file)
    }
  }

  /// Whether two paths lead to one file.
  static func isSame(_ a: String, _ b: String) -> Bool {
    var (first, second) = (stat(), stat())
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev
      && first.st_ino == second.st_ino
  }
}
