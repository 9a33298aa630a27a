import Synchronization
import TrackerSystem

/// SIGINT, SIGTERM and SIGHUP, seen between two epochs: a run then ends as interrupted, with all it recorded.
enum StopSignal {
  private static let received = Atomic<Int32>(0)

  /// The signals that ask a process to stop.
  static let signals = [SIGINT, SIGTERM, SIGHUP]

  /// Whether somebody asked the process to stop.
  static var isRaised: Bool { raised != nil }

  /// The signal by which somebody asked the process to stop.
  static var raised: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Starts to listen. A second signal of the same kind ends the process at once.
  static func listen() {
    // Whoever started us may have blocked them: a signal mask is inherited.
    var wanted = sigset_t()
    sigemptyset(&wanted)
    for number in signals where !SignalForwarding.isIgnored(number) {
      sigaddset(&wanted, number)
      signal(number) { number in
        StopSignal.received.store(number, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
    pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
  }
}
