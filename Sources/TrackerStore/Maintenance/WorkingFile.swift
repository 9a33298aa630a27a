import TrackerSystem

/// A file beside another in which that one's successor, or what is to be merged into it, is made ready. Nobody else may read
/// it, nobody can know its name before, and it goes with its owner. One thread may make it and another use it, one at a time.
final class WorkingFile: @unchecked Sendable {
  var path: String { file.path }
  private let file: LockedFile
  private var isKept = false

  /// Makes an empty one, and drops those that processes left which were killed.
  ///
  /// - Throws: ``StoreError``
  init(beside target: String) throws {
    Self.dropAbandoned(beside: target)
    do { file = try Self.made(beside: target) } catch {
      throw StoreError(
        error.isFull ? .full : .cannotOpen, "writing \(target): \(error)",
        advice: "Choose another folder or file name.")
    }
  }

  /// Its name, and the lock that says that somebody works on it.
  private struct LockedFile: ~Copyable {
    let path: String
    let lock: FileLock
  }

  /// A file of a new name, locked. Whoever drops abandoned ones may take it for one before it is locked: then another is made.
  private static func made(beside target: String) throws(SystemError) -> LockedFile {
    var generator = SystemRandomNumberGenerator()
    while true {
      let digits = Digest.hexadecimal(
        (0..<8).map { _ in UInt8.random(in: 0...255, using: &generator) })
      let path = "\(target).\(digits).part"
      try FileDescriptor(creating: path, permissions: 0o600).close()
      do {
        let lock = try FileLock(path)
        _ = lock.take(from: lockedByte, count: 1)
        if exists(path) { return LockedFile(path: path, lock: lock) }
      } catch { guard error.number == ENOENT else { throw error } }
    }
  }

  deinit {
    if !isKept { for suffix in Self.suffixes { unlink(path + suffix) } }
  }

  /// Gives the file its name for good; what had the name before is replaced.
  ///
  /// - Throws: ``StoreError``
  func rename(to target: String) throws {
    guard TrackerSystem.rename(path, target) == 0 else {
      throw StoreError(
        .cannotOpen, "writing \(target): \(SystemError.last)",
        advice: "Choose another folder or file name.")
    }
    isKept = true
  }

  /// SQLite may put these beside it.
  private static let suffixes = ["", "-wal", "-shm", "-journal"]
  /// Far from the bytes that SQLite locks.
  private static let lockedByte: Int64 = 1 << 40

  /// Only what this user made in this way, and no process works on.
  private static func dropAbandoned(beside target: String) {
    let slash = target.lastIndex(of: "/")
    let folder = slash.map { String(target[...$0]) } ?? "./"
    let prefix = (slash.map { String(target[target.index(after: $0)...]) } ?? target) + "."
    for name in (try? Folder.names(in: folder)) ?? []
    where name.hasPrefix(prefix) && name.hasSuffix(".part") {
      let digits = name.dropFirst(prefix.count).dropLast(".part".count)
      guard digits.utf8.count == 16, digits.allSatisfy(\.isHexDigit),
        let status = try? FileStatus(link: folder + name), status.isRegular,
        status.owner == geteuid(), let lock = try? FileLock(folder + name),
        lock.take(from: lockedByte, count: 1)
      else { continue }
      for suffix in suffixes { unlink(folder + name + suffix) }
    }
  }
}
