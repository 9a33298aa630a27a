import TrackerSQLite
import TrackerSystem

/// A copy of a store as it is at one moment, made while others go on reading and writing.
struct StoreCopy {
  let path: String

  init(of path: String) { self.path = path }

  /// Writes the copy beside its place and gives it its name once it is whole and on disk; what had the
  /// name before is replaced.
  ///
  /// - Parameter progress: sees pages done and pages in all
  /// - Throws: `SQLiteError`, ``StoreError``; then there is no file
  func write(to target: String, progress: (Int, Int) -> Void = { _, _ in }) throws {
    let part = "\(target).\(getpid()).part"
    FileFacts.removeLeftovers(of: target)
    do {
      // A connection of its own: whoever asks for the copy may hold the writer's lock.
      let source = try Store.readingConnection(path)
      try source.backUp(to: Connection(path: part, mode: .create), progress: progress)
      // Whoever may not read the store may not read its copy; who made it may write it.
      var information = stat()
      if stat(path, &information) == 0 { chmod(part, information.st_mode & 0o777 | 0o200) }
      guard rename(part, target) == 0 else {
        throw StoreError(
          .cannotOpen, "writing \(target): \(String(cString: strerror(errno)))",
          advice: "Choose another folder or file name.")
      }
    } catch {
      for file in [part, part + "-wal", part + "-shm", part + "-journal"] { unlink(file) }
      throw error
    }
  }
}
