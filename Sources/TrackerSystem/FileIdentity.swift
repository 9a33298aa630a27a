/// What names a file whatever path leads to it.
package struct FileIdentity: Hashable, Sendable, CustomStringConvertible {
  /// The device that it is on.
  package let device: UInt64
  /// Its number there.
  package let inode: UInt64

  /// The file at `path`; `nil` where there is none.
  package init?(path: String) {
    guard let status = try? FileStatus(path) else { return nil }
    self = status.identity
  }

  init(_ status: FileStatus) { (device, inode) = (status.device, status.inode) }

  /// `DEVICE:INODE`.
  package var description: String { "\(device):\(inode)" }
}

extension FileStatus {
  /// What names the file.
  package var identity: FileIdentity { FileIdentity(self) }
}
