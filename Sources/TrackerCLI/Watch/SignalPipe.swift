import Synchronization
import TrackerSystem

/// Signals as bytes of a pipe, so that waiting for keys is waiting for them too and none is missed in between.
struct SignalPipe: ~Copyable {
  /// What can be waited for; there is one pipe a process.
  let descriptor: Int32
  private let caught: [Int32]
  private static let writingEnd = Atomic<Int32>(-1)

  /// Catches these signals until this goes.
  ///
  /// - Throws: ``CommandError``
  init(catching signals: [Int32]) throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw CommandError.cannotWrite("to a pipe", errorNumber: errno)
    }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    descriptor = ends[0]
    caught = signals
    Self.writingEnd.store(ends[1], ordering: .relaxed)
    for number in signals { Self.listen(to: number) }
  }

  deinit {
    for number in caught { signal(number, SIG_DFL) }
    close(Self.writingEnd.exchange(-1, ordering: .relaxed))
    close(descriptor)
  }

  /// Catches a signal, blocked or not by whoever started us.
  static func listen(to number: Int32) {
    var wanted = sigset_t()
    sigemptyset(&wanted)
    sigaddset(&wanted, number)
    signal(number) { number in
      var byte = UInt8(truncatingIfNeeded: number)
      let kept = errno
      _ = write(SignalPipe.writingEnd.load(ordering: .relaxed), &byte, 1)
      errno = kept
    }
    pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
  }

  /// The signals that came since this was last asked.
  func received() -> [Int32] {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(descriptor, &bytes, bytes.count)
    return bytes.prefix(max(0, count)).map(Int32.init)
  }
}
