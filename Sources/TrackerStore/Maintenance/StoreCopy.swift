import TrackerSQLite
import TrackerSystem

/// A copy of a store as it is at one moment, made while others go on reading and writing.
struct StoreCopy {
  let path: String

  init(of path: String) { self.path = path }

  /// Writes the copy beside its place and gives it its name once it is whole and on disk; what had the
  /// name before is replaced, with its log.
  ///
  /// - Parameter progress: sees pages done and pages in all
  /// - Throws: `SQLiteError`, ``StoreError``, also when somebody has a store of that name open; then there is no
  ///   file, or what had the name before
  func write(to target: String, progress: (Int, Int) -> Void = { _, _ in }) throws {
    let part = try WorkingFile(beside: target)
    try write(into: part, progress: progress)
    try ReplacedStore(at: target).whileClosed { try part.rename(to: target) }
  }

  /// Fills a file that was made for it.
  func write(into part: WorkingFile, progress: (Int, Int) -> Void = { _, _ in }) throws {
    // A connection of its own: whoever asks for the copy may hold the writer's lock.
    let source = try Store.readingConnection(path)
    let stamp = FileStamp(source, path)
    try source.backUp(to: Connection(path: part.path, mode: .readWrite), progress: progress)
    try stamp?.requireUnchanged()
    // Whoever may not read the store may not read its copy; who made it may write it.
    guard let status = try? FileStatus(path) else { return }
    var mode = status.mode & 0o777 | 0o200
    if let copy = try? FileStatus(part.path), copy.group != status.group,
      chown(part.path, uid_t.max, status.group) != 0
    {
      // The group of the copy is another: what the store's may do, it may only as far as everybody may.
      mode = mode & ~0o070 | (mode & 0o007) << 3
    }
    chmod(part.path, mode)
  }
}

/// A file whose name another is about to get.
///
/// SQLite finds a store's log by the store's name: the log of the old one must be gone before the new one has the name, and
/// nobody may have the old one open, or the new one is damaged.
struct ReplacedStore {
  private let path: String

  init(at path: String) { self.path = path }

  /// Does `body` while nobody else has a store of that name open and nothing of its log is left.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/busy`` when somebody has it open
  func whileClosed(_ body: () throws -> Void) throws {
    guard FileFacts.isStore(path) else {
      SideFiles(of: path).putAside()
      return try body()
    }
    if let file = FileIdentity(path: path), OpenDatabases.contain(file) { throw busy }
    // This locks everybody out, folds the log into the file and takes it away.
    guard let old = try? Connection(path: path, mode: .readWrite), !old.isReadOnly,
      case let mode?? = try? old.row("PRAGMA journal_mode = DELETE", [], { $0.text(0) }),
      mode == "delete", (try? old.execute("BEGIN EXCLUSIVE")) != nil
    else {
      if SideFiles.isOpen(path) { throw busy }
      // It is damaged, or not ours to write: its log is of no use to it.
      SideFiles(of: path).putAside()
      return try body()
    }
    defer { try? old.execute("ROLLBACK") }
    try body()
    SideFiles(of: path).putAside()
  }

  private var busy: StoreError {
    StoreError(
      .busy, "replacing \(path): a program has it open",
      advice: "Wait for that program's end, or choose another name.")
  }
}
