import TrackerSQLite

import TrackerSystem

/// The files that SQLite keeps beside a store while it is open: the write-ahead log (`-wal`) and what its users share
/// (`-shm`).
///
/// SQLite finds them by the store's name alone. When another file takes that name, the log of the old one is taken for
/// the new one's, and what it holds is written over it (https://sqlite.org/howtocorrupt.html, section 4).
struct SideFiles {
  private let path: String
  private let log: FileIdentity?
  private let shared: FileIdentity?
  private let undo: FileIdentity?

  /// Those that are beside an open store now.
  init(of path: String) {
    self.path = path
    log = FileIdentity(path: "\(path)-wal")
    shared = FileIdentity(path: "\(path)-shm")
    undo = FileIdentity(path: "\(path)-journal")
  }

  /// Takes them out of the way of another file that gets, or has, the store's name. The log keeps its content, under
  /// another name, for it may hold the newest records of a store that was moved elsewhere. Files that others made
  /// meanwhile are let be.
  func putAside() {
    let (wal, shm, journal) = ("\(path)-wal", "\(path)-shm", "\(path)-journal")
    if let log, FileIdentity(path: wal) == log { Self.putAside(wal) }
    if let shared, FileIdentity(path: shm) == shared { unlink(shm) }
    if let undo, FileIdentity(path: journal) == undo { Self.putAside(journal) }
  }

  private static func putAside(_ file: String) {
    if FileFacts.byteCount(file) == 0 {
      unlink(file)
    } else {
      rename(file, unusedName("\(file)-of-replaced-store"))
    }
  }

  /// Lets the group of a store write those that this user made beside it: SQLite gives them the store's mode, and its
  /// group only when root makes them.
  func share() {
    guard let store = try? FileStatus(path) else { return }
    for file in ["\(path)-wal", "\(path)-shm"] {
      guard let status = try? FileStatus(link: file), status.isRegular,
        status.owner == geteuid(), status.group != store.group
      else { continue }
      _ = lchown(file, uid_t.max, store.group)
    }
  }

  /// Whether the log at `path` is that of another file, which had the name before and is still being written.
  ///
  /// A program that has a store open holds a lock on the file and one on the shared memory. Where somebody holds the
  /// second and nobody the first, the two are not of one store.
  static func areForeign(at path: String) -> Bool {
    guard FileFacts.byteCount("\(path)-wal") > 0, exists("\(path)-shm"),
      // To look at locks the files are opened and closed, which would take this process's own locks away. Where it
      // has the store open already, the files were found to be the store's.
      let file = FileIdentity(path: path), !OpenDatabases.contain(file)
    else { return false }
    // Somebody may close the store between the two looks: only what stays so is so.
    for _ in 0..<20 {
      guard FileLock.isTaken("\(path)-shm", from: sharedMemoryByte, count: 1) == true,
        !isOpen(path)
      else { return false }
      usleep(5_000)
    }
    return true
  }

  /// Whether a program has the store open.
  static func isOpen(_ path: String) -> Bool {
    FileLock.isTaken(path, from: sharedBytes, count: 510) == true
  }

  /// The locks of SQLite's unix layer: a byte of the shared memory that everybody holds who uses it, and the bytes of
  /// the database of which its readers hold one or all (`UNIX_SHM_DMS`, `SHARED_FIRST` in os_unix.c).
  private static let sharedMemoryByte: Int64 = 128
  private static let sharedBytes: Int64 = 0x4000_0002
}
