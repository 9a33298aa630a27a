package import TrackerValues

/// A system call that failed, with the system's reason.
///
/// Whoever owns the task turns it into an error that says what was being done and what to do.
package struct SystemError: ExplainedError, Hashable {
  /// The system's number, such as `ENOSPC`.
  package let number: Int32

  /// An error by its number.
  package init(number: Int32) { self.number = number }

  /// The error of the call that failed last on this thread.
  package static var last: SystemError { SystemError(number: errno) }

  /// The system's words for it, such as "No space left on device".
  package var description: String { String(cString: strerror(number)) }

  /// What sort of trouble it is.
  package var kind: ExplainedErrorKind {
    switch number {
    case ENOENT, ENOTDIR: .missing
    case EACCES, EPERM, EROFS: .cannotCreate
    case EBUSY, EAGAIN: .unavailable
    default: .inputOutput
    }
  }

  /// Whether the disk, the quota or the largest size of a file leaves no room.
  package var isFull: Bool { [ENOSPC, EDQUOT, EFBIG].contains(number) }
}

/// Calls again while a signal interrupts.
///
/// - Returns: what the call returns, which is not negative
package func retrying<Result: SignedInteger>(
  _ call: () -> Result
) throws(SystemError) -> Result {
  while true {
    let result = call()
    if result >= 0 { return result }
    if errno != EINTR { throw .last }
  }
}
