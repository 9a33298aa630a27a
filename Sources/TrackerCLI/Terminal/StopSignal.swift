import Synchronization
import TrackerSystem

/// SIGINT and SIGTERM, seen between two epochs: a run then ends as interrupted, with all it recorded.
enum StopSignal {
  private static let received = Atomic<Int32>(0)

  /// Whether somebody asked the process to stop.
  static var isRaised: Bool { received.load(ordering: .relaxed) != 0 }

  /// Starts to listen. A second signal of the same kind ends the process at once.
  static func listen() {
    // Whoever started us may have blocked them: a signal mask is inherited.
    var wanted = sigset_t()
    sigemptyset(&wanted)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&wanted, number)
      signal(number) { number in
        StopSignal.received.store(number, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
    pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
  }
}
