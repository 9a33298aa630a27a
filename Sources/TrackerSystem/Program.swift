/// Another program that this process starts.
///
/// Its signals are as a shell would give them: none blocked, and those that this process ignores for
/// itself at their default.
package struct Program: Sendable {
  /// Where one of a program's standard streams leads.
  package enum Stream: Hashable, Sendable {
    /// The same as this process'.
    case inherited
    /// Nowhere: what is written is dropped, and nothing is read.
    case null
    /// The open descriptor of this number.
    case descriptor(Int32)
  }

  /// The process number.
  package let pid: pid_t

  /// Starts a program, found along `PATH`.
  ///
  /// - Parameters:
  ///   - command: the program's name and its arguments
  ///   - environment: `NAME=value` lines; `nil` for this process' own
  /// - Throws: ``SystemError`` if it cannot be started
  package init(
    _ command: [String], input: Stream = .inherited, output: Stream = .inherited,
    error: Stream = .inherited, environment: [String]? = nil
  ) throws(SystemError) {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (stream, number) in [
      (input, STDIN_FILENO), (output, STDOUT_FILENO), (error, STDERR_FILENO),
    ] {
      if stream == .null {
        let mode = number == STDIN_FILENO ? O_RDONLY : O_WRONLY
        posix_spawn_file_actions_addopen(&actions, number, "/dev/null", mode, 0)
      } else if case .descriptor(let source) = stream {
        posix_spawn_file_actions_adddup2(&actions, source, number)
      }
    }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Masks and ignored signals are inherited: whoever started us may have blocked what the program
    // waits for, and what we ignore for ourselves it must not.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var ours = sigset_t()
    sigemptyset(&ours)
    for number in [SIGPIPE, SIGXFSZ] { sigaddset(&ours, number) }
    posix_spawnattr_setsigdefault(&attributes, &ours)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    // Where SIGCHLD is ignored the system keeps no child's status; a handler of the program's stays.
    if SignalForwarding.isIgnored(SIGCHLD) { signal(SIGCHLD, SIG_DFL) }
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = (environment ?? []).map { strdup($0) } + [nil]
    defer { (arguments + variables).forEach { free($0) } }
    var pid = pid_t()
    let status =
      environment == nil
      ? posix_spawnp(&pid, command[0], &actions, &attributes, &arguments, environ)
      : posix_spawnp(&pid, command[0], &actions, &attributes, &arguments, &variables)
    guard status == 0 else { throw SystemError(number: status) }
    self.pid = pid
  }

  /// How a program ended.
  package enum Ending: Hashable, Sendable {
    /// It returned this status.
    case exited(Int32)
    /// This signal ended it.
    case signalled(Int32)

    /// What a shell says of it: the status, or 128 and the signal's number.
    package var shellStatus: Int32 {
      switch self {
      case .exited(let status): status
      case .signalled(let number): 128 + number
      }
    }
  }

  /// Waits for its end.
  package func wait() -> Ending {
    while true { if let ending = ended(0) { return ending } }
  }

  /// How it ended, or `nil` if it has not yet.
  package func poll() -> Ending? { ended(WNOHANG) }

  private func ended(_ options: Int32) -> Ending? {
    var status: Int32 = 0
    let found = waitpid(pid, &status, options)
    // Somebody else has asked for the status, or the system has dropped it: it has ended, and no more is known.
    if found < 0, errno == ECHILD { return .exited(0) }
    guard found == pid else { return nil }
    let number = status & 0x7F
    return number == 0 ? .exited((status >> 8) & 0xFF) : .signalled(number)
  }
}

/// A pipe, both ends closed in the programs that this one starts.
///
/// - Returns: where is read, and where is written
package func makePipe() throws(SystemError) -> (reading: Int32, writing: Int32) {
  var ends: [Int32] = [0, 0]
  _ = try retrying { pipe(&ends) }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  return (ends[0], ends[1])
}
