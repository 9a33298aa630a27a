/// What the system says of a file.
package struct FileStatus: Hashable, Sendable {
  /// Its size in bytes.
  package let byteCount: Int
  /// The device that it is on; with ``inode``, what file it is.
  package let device: UInt64
  /// Its number on the device.
  package let inode: UInt64
  /// Its kind and who may do what.
  package let mode: mode_t
  /// Its owner.
  package let owner: uid_t
  /// The group that it belongs to.
  package let group: gid_t
  /// When it was last written, in nanoseconds since 1970.
  package let modified: Int64

  init(_ information: stat) {
    byteCount = Int(information.st_size)
    device = UInt64(truncatingIfNeeded: information.st_dev)
    inode = UInt64(information.st_ino)
    mode = information.st_mode
    owner = information.st_uid
    group = information.st_gid
    #if canImport(Darwin)
      let time = information.st_mtimespec
    #else
      let time = information.st_mtim
    #endif
    modified = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// What is at `path`, at the end of all links.
  package init(_ path: String) throws(SystemError) {
    var information = stat()
    _ = try retrying { stat(path, &information) }
    self.init(information)
  }

  /// What is at `path` itself, be it a link.
  package init(link path: String) throws(SystemError) {
    var information = stat()
    _ = try retrying { lstat(path, &information) }
    self.init(information)
  }

  /// Whether it is a folder.
  package var isFolder: Bool { mode & S_IFMT == S_IFDIR }
  /// Whether it is a file with bytes: no folder, FIFO, socket or device.
  package var isRegular: Bool { mode & S_IFMT == S_IFREG }
  /// Whether it is a link to another name.
  package var isLink: Bool { mode & S_IFMT == S_IFLNK }

  /// Whether both are one file.
  package func isSame(as other: FileStatus) -> Bool {
    device == other.device && inode == other.inode
  }
}
