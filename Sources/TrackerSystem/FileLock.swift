/// A lock on bytes of a file, which the system drops when the process ends, however it ends.
///
/// It belongs to the open file and not to the process (an "open file description lock"), so that opening and closing
/// the file elsewhere in the process does not take it away.
package struct FileLock: ~Copyable, Sendable {
  private let file: FileDescriptor

  /// Opens a file to lock bytes of it; the file is made if there is none. A link is not followed.
  ///
  /// - Parameter permissions: of a file that is made, before the process' mask is taken off
  package init(_ path: String, creating permissions: mode_t? = nil) throws(SystemError) {
    let flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    if let permissions {
      file = FileDescriptor(
        owning: try retrying { open(path, O_RDWR | O_CREAT | flags, permissions) })
    } else {
      file = FileDescriptor(owning: try retrying { open(path, O_RDWR | flags) })
    }
  }

  /// What the system says of the file.
  package var status: FileStatus { get throws(SystemError) { try file.status } }

  /// Takes these bytes for this process alone.
  ///
  /// - Parameter count: 0 is all to the end
  /// - Returns: whether nobody else has any of them
  package func take(from start: Int64, count: Int64) -> Bool { set(F_WRLCK, start, count) }

  /// Gives these bytes back.
  package func release(from start: Int64, count: Int64) { _ = set(F_UNLCK, start, count) }

  private func set(_ kind: Int32, _ start: Int64, _ count: Int64) -> Bool {
    var lock = Self.lock(kind, start, count)
    return fcntl(file.number, Self.setCommand, &lock) == 0
  }

  /// Whether somebody has any of these bytes of a file; `nil` where that cannot be known.
  package static func isTaken(_ path: String, from start: Int64, count: Int64) -> Bool? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var lock = lock(F_WRLCK, start, count)
    guard fcntl(descriptor, getCommand, &lock) == 0 else { return nil }
    return lock.l_type != Int16(F_UNLCK)
  }

  private static func lock(_ kind: Int32, _ start: Int64, _ count: Int64) -> flock {
    var lock = flock()
    lock.l_type = Int16(kind)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = off_t(start)
    lock.l_len = off_t(count)
    return lock
  }

  // F_OFD_GETLK and F_OFD_SETLK, which not every C library names.
  #if canImport(Darwin)
    private static let (setCommand, getCommand): (Int32, Int32) = (90, 92)
  #else
    private static let (setCommand, getCommand): (Int32, Int32) = (37, 36)
  #endif
}
