/// What the system says of a file.
public struct FileStatus: Hashable, Sendable {
  /// Its size in bytes.
  public let byteCount: Int
  /// The device that it is on; with ``inode``, what file it is.
  public let device: UInt64
  /// Its number on the device.
  public let inode: UInt64
  /// Its kind and who may do what.
  public let mode: mode_t
  /// Its owner.
  public let owner: uid_t
  /// The group that it belongs to.
  public let group: gid_t
  /// When it was last written, in nanoseconds since 1970.
  public let modified: Int64

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
  public init(_ path: String) throws(SystemError) {
    var information = stat()
    _ = try retrying { stat(path, &information) }
    self.init(information)
  }

  /// What is at `path` itself, be it a link.
  public init(link path: String) throws(SystemError) {
    var information = stat()
    _ = try retrying { lstat(path, &information) }
    self.init(information)
  }

  /// Whether it is a folder.
  public var isFolder: Bool { mode & S_IFMT == S_IFDIR }
  /// Whether it is a file with bytes: no folder, FIFO, socket or device.
  public var isRegular: Bool { mode & S_IFMT == S_IFREG }
  /// Whether it is a link to another name.
  public var isLink: Bool { mode & S_IFMT == S_IFLNK }

  /// Whether both are one file.
  public func isSame(as other: FileStatus) -> Bool {
    device == other.device && inode == other.inode
  }
}
