import Synchronization

/// Hands signals that this process is sent on to a program that it runs in its own place, so that the program lives and ends as it
/// would alone.
///
/// Slurm's `--signal`, Lightning and submitit ask programs by SIGUSR1 and its like to save their state: such a signal
/// ends whoever has no use for it.
package enum SignalForwarding {
  private static let target = Atomic<Int32>(0)

  /// Every signal that is sent to programs to tell them something, as against those that speak of a mistake of the process'
  /// own (SIGSEGV), that cannot be caught (SIGKILL), or that the terminal stops a process with (SIGTTIN).
  package static let signals: [Int32] = {
    var signals = [
      SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM, SIGCONT, SIGTSTP, SIGWINCH,
      SIGURG, SIGVTALRM, SIGPROF, SIGXCPU, SIGIO,
    ]
    #if os(Linux)
      // SIGPWR, and the real-time signals, less the two that the C library keeps for itself.
      signals += [30] + Array(34...64)
    #endif
    return signals
  }()

  /// Starts a program, and hands on to it what comes from here on, until ``stop()``. What this process was told to ignore
  /// (`nohup`, or a shell's `&`) the program ignores as well, unless it chose otherwise.
  package static func starting(_ start: () throws(SystemError) -> Program) throws(SystemError)
    -> Program
  {
    // What comes before there is a program waits.
    var wanted = sigset_t()
    sigemptyset(&wanted)
    for number in signals { sigaddset(&wanted, number) }
    pthread_sigmask(SIG_BLOCK, &wanted, nil)
    defer { pthread_sigmask(SIG_UNBLOCK, &wanted, nil) }
    let program = try start()
    target.store(program.pid, ordering: .relaxed)
    // The program is started already: what was ignored here it ignores, whatever is caught here from now on.
    for number in signals {
      catchSignal(number) { number, information, _ in
        let program = SignalForwarding.target.load(ordering: .relaxed)
        // What the terminal sends goes to all programs in front of it: this one has it already.
        let isFromTerminal = (information?.pointee.si_code ?? 0) > 0
        if program > 0, !isFromTerminal { kill(program, number) }
        if number == SIGTSTP { kill(getpid(), SIGSTOP) }
      }
    }
    return program
  }

  /// Nothing is handed on any more: the program has ended.
  package static func stop() { target.store(0, ordering: .relaxed) }

  /// Lets nothing but `stops` end this process: it reads what another program in a pipeline prints, and goes on as long
  /// as that one does.
  package static func ignoreAll(but stops: [Int32]) {
    for number in signals where !stops.contains(number) && number != SIGTSTP && number != SIGCONT {
      signal(number, SIG_IGN)
    }
  }

  /// Whether this process was told to ignore a signal.
  package static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    #if canImport(Darwin)
      let handler = action.__sigaction_u.__sa_handler
    #elseif canImport(Musl)
      let handler = action.__sa_handler.sa_handler
    #else
      let handler = action.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private typealias Handler =
    @convention(c) (
      Int32, UnsafeMutablePointer<siginfo_t>?, UnsafeMutableRawPointer?
    ) -> Void

  private static func catchSignal(_ number: Int32, _ handler: @escaping Handler) {
    var action = sigaction()
    #if canImport(Darwin)
      action.__sigaction_u.__sa_sigaction = handler
    #elseif canImport(Musl)
      action.__sa_handler.sa_sigaction = handler
    #else
      action.__sigaction_handler.sa_sigaction = handler
    #endif
    action.sa_flags = SA_SIGINFO | Int32(SA_RESTART)
    sigaction(number, &action, nil)
  }
}
