import TrackerViews
import TrackerWatch
import TrackerStore
import TrackerSystem

/// Waits for keys, signals and news, and draws.
///
/// What comes from the store is drawn at most four times a second, and less often where that would take more than 1.4 %
/// of a processor: each look at the store is followed by a pause of 70 times the time it took.
struct WatchLoop {
  private static let leastPause = Duration.milliseconds(250)
  private static let pauseFactor = 70
  /// A terminal sends the bytes of one key together: what follows an escape within this time belongs to it.
  private static let escapeTimeout = Duration.milliseconds(40)

  let feed: StoreFeed
  let screen: Screen
  let context: CommandContext
  var state: WatchState

  /// Runs until somebody asks to leave, or a signal or the end of the terminal does.
  ///
  /// - Throws: ``ExitStatus/interrupted``, ``CommandError``
  mutating func run() throws {
    let signals = try SignalPipe(
      catching: [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])
    var decoder = KeyDecoder()
    var nextLook = ContinuousClock.now
    var answered: WatchRequest?
    var lastDrawn = ContinuousClock.now
    var isChanged = true
    while !state.isDone, context.terminal.output.failure == 0 {
      let start = ProcessorTime.ofProcess
      let isDue = ContinuousClock.now >= nextLook
      if isDue && feed.hasNews() || state.request != answered {
        answered = look()
        isChanged = true
      }
      // Times such as "5 s ago" change by themselves.
      if isChanged || .now - lastDrawn >= .seconds(1) {
        screen.draw(
          state.lines(TextStyle(colour: context.terminal.allowsColor, now: context.now())))
        lastDrawn = .now
        isChanged = false
      }
      if isDue {
        let pause = (ProcessorTime.ofProcess - start) * Self.pauseFactor
        nextLook = .now + max(Self.leastPause, pause)
      }

      let pause = decoder.isWaiting ? Self.escapeTimeout : nextLook - .now
      let (hasKeys, hasSignals) = Self.wait(for: signals.descriptor, atMost: pause)
      if hasSignals {
        for number in signals.received() { try handle(number) }
        isChanged = true
      }
      if hasKeys {
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        // The terminal is gone.
        if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) { return }
        press(decoder.keys(of: bytes.prefix(max(0, count))))
        isChanged = true
      } else if decoder.isWaiting, !hasSignals {
        press(decoder.flush())
        isChanged = true
      }
    }
  }

  /// Asks the store for what the screen needs; what it says may change what the screen needs.
  private mutating func look() -> WatchRequest {
    var request = state.request
    for _ in 0..<3 {
      state.update(feed.read(request))
      if state.request == request { break }
      request = state.request
    }
    return request
  }

  private mutating func press(_ keys: [WatchKey]) {
    for key in keys {
      if key == .control("l") { screen.invalidate() } else { state.update(key) }
    }
  }

  private mutating func handle(_ number: Int32) throws {
    switch number {
    case SIGWINCH:
      screen.invalidate()
      resize()
    case SIGTSTP:
      screen.suspend()
      resize()
    case SIGCONT:
      // After a stop that nobody could see coming the terminal may be in any state.
      screen.prepare()
      resize()
    default: throw ExitStatus.interrupted
    }
  }

  private mutating func resize() {
    let size = context.terminal.size()
    state.resize(width: size.columns, height: size.lines)
  }

  private static func wait(
    for signals: Int32, atMost pause: Duration
  ) -> (keys: Bool, signals: Bool) {
    var descriptors = [STDIN_FILENO, signals].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    let milliseconds = max(0, pause / .milliseconds(1)).rounded(.up)
    guard poll(&descriptors, 2, Int32(min(milliseconds, 60_000))) > 0 else { return (false, false) }
    return (descriptors[0].revents != 0, descriptors[1].revents != 0)
  }
}
