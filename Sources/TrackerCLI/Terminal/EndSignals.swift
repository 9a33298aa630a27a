import TrackerSystem

/// SIGINT and SIGTERM, waited for by one thread: all others are left alone.
struct EndSignals {
  private var signals = sigset_t()

  /// Keeps the signals from every thread that is started from here on.
  init() {
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Waits for one of them. The next ends the process at once.
  func wait() {
    var (signals, number) = (signals, Int32(0))
    while sigwait(&signals, &number) != 0 {}
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}
