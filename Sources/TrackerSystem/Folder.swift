/// Folders and the names in them.
package enum Folder {
  /// The folder that the process works in.
  package static var current: String {
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return String(cString: path)
  }

  /// The names in a folder, without `.` and `..`, in the order of their bytes.
  package static func names(in path: String) throws(SystemError) -> [String] {
    guard let entries = opendir(path) else { throw .last }
    defer { closedir(entries) }
    var names: [String] = []
    while let entry = readdir(entries) {
      let name = withUnsafePointer(to: entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// How many bytes this user may still write on the disk of a folder; `nil` where the system does not say.
  package static func room(in path: String) -> Int? {
    var facts = statvfs()
    guard statvfs(path, &facts) == 0, facts.f_blocks > 0 else { return nil }
    return Int(clamping: facts.f_bavail).multipliedReportingOverflow(by: Int(facts.f_frsize))
      .partialValue
  }

  /// Makes a folder, and those above it that are missing.
  package static func make(_ path: String) throws(SystemError) {
    if mkdir(path, 0o777) == 0 { return }
    var failure = SystemError.last
    if failure.number == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try make(String(path[..<slash]))
      if mkdir(path, 0o777) == 0 { return }
      failure = .last
    }
    guard failure.number == EEXIST, (try? FileStatus(path))?.isFolder == true else { throw failure }
  }
}

/// Whether there is anything at `path`.
package func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// Whether there is a folder at `path`, at the end of all links.
package func isFolder(_ path: String) -> Bool { (try? FileStatus(path))?.isFolder == true }

/// Whether two paths lead to one file.
package func isSameFile(_ a: String, _ b: String) -> Bool {
  guard let first = FileIdentity(path: a), let second = FileIdentity(path: b) else { return false }
  return first == second
}

/// The path at the end of all links; `path` itself where nothing is there.
package func resolvedPath(_ path: String) -> String {
  guard let resolved = realpath(path, nil) else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// `path`, or the first of `path-2`, `path-3` … that no file has; with `suffix` behind it.
package func unusedName(_ path: String, _ suffix: String = "") -> String {
  if !exists(path + suffix) { return path + suffix }
  var number = 2
  while exists("\(path)-\(number)\(suffix)") { number += 1 }
  return "\(path)-\(number)\(suffix)"
}

/// `path`, made absolute with `folder` where it is relative.
package func absolutePath(_ path: String, in folder: String) -> String {
  path.hasPrefix("/") ? path : "\(folder)/\(path)"
}
