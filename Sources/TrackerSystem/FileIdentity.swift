/// What names a file whatever path leads to it.
public struct FileIdentity: Hashable, Sendable, CustomStringConvertible {
  /// The device that it is on.
  public let device: UInt64
  /// Its number there.
  public let inode: UInt64

  /// The file at `path`; `nil` where there is none.
  public init?(path: String) {
    guard let status = try? FileStatus(path) else { return nil }
    self = status.identity
  }

  init(_ status: FileStatus) { (device, inode) = (status.device, status.inode) }

  /// `DEVICE:INODE`.
  public var description: String { "\(device):\(inode)" }
}

extension FileStatus {
  /// What names the file.
  public var identity: FileIdentity { FileIdentity(self) }
}
