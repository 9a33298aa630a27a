/// An open file, pipe or socket, closed when its owner lets it go.
///
/// Every descriptor that is opened here is closed in the programs that this one starts.
package struct FileDescriptor: ~Copyable, Sendable {
  /// The system's number.
  package let number: Int32

  /// Takes over an open descriptor.
  package init(owning number: Int32) { self.number = number }

  deinit { _ = TrackerSystem.close(number) }

  /// Opens a file for reading.
  package init(reading path: String) throws(SystemError) {
    number = try retrying { open(path, O_RDONLY | O_CLOEXEC) }
  }

  /// Opens a regular file for reading; unlike `init(reading:)`, a FIFO or a device neither blocks nor
  /// is read.
  ///
  /// - Throws: ``SystemError``, with `EISDIR` for a folder and `EINVAL` for what is not a regular file
  package init(readingRegularFile path: String) throws(SystemError) {
    let file = FileDescriptor(
      owning: try retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) })
    let status = try file.status
    guard status.isRegular else {
      throw SystemError(number: status.isFolder ? EISDIR : EINVAL)
    }
    self = file
  }

  /// Makes a file that is not there yet; a link of that name is not followed.
  ///
  /// - Parameter permissions: who may do what, before the process' mask is taken off
  package init(creating path: String, permissions: mode_t = 0o666) throws(SystemError) {
    number = try retrying {
      open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, permissions)
    }
  }

  /// What the system says of the file.
  package var status: FileStatus {
    get throws(SystemError) {
      var information = stat()
      _ = try retrying { fstat(number, &information) }
      return FileStatus(information)
    }
  }

  /// Reads at most `buffer.count` bytes.
  ///
  /// - Returns: how many came; 0 at the end
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    try retrying { TrackerSystem.read(number, buffer.baseAddress, buffer.count) }
  }

  /// Lends what is left, piece by piece, to the end.
  package func pieces(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 16) { buffer in
      while case let count = try read(into: buffer), count > 0 {
        try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
  }

  /// Writes all of `bytes`.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    try writeAll(bytes, to: number)
  }

  /// Closes it, and says whether what was written is with the system.
  package consuming func close() throws(SystemError) {
    let status = TrackerSystem.close(number)
    let failure = errno
    discard self
    // After EINTR the descriptor is closed all the same.
    if status != 0, failure != EINTR { throw SystemError(number: failure) }
  }
}

/// Writes all of `bytes` to an open descriptor.
package func writeAll(
  _ bytes: UnsafeRawBufferPointer, to descriptor: Int32
) throws(SystemError) {
  var rest = bytes
  while !rest.isEmpty {
    let count = try retrying { write(descriptor, rest.baseAddress, rest.count) }
    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
  }
}

extension FileDescriptor {
  /// Makes a file without a name in a folder, for reading and writing: it is gone with its descriptor.
  package init(unnamedIn folder: String) throws(SystemError) {
    var template = Array("\(folder)/.tracker-XXXXXX".utf8CString)
    let number = try retrying { mkstemp(&template) }
    // `mkostemp`, which does both, is hidden from Swift.
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    unlink(&template)
    self.init(owning: number)
  }

  /// Reads at most `buffer.count` bytes from `offset` on.
  ///
  /// - Returns: how many came; 0 at the end
  package func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SystemError) -> Int {
    try retrying { pread(number, buffer.baseAddress, buffer.count, off_t(offset)) }
  }
}
