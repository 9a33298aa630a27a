import Synchronization
@preconcurrency import TrackerSystem

/// Another program, run as our child with its standard output, and its standard error if that is wanted, read by us.
///
/// Signals that ask us to stop are handed on to it, so that it ends as it would have ended alone.
package struct ChildProcess {
  /// The child's process number.
  package let pid: Int32
  /// Where its streams arrive.
  private let streams: [(stream: MetricReader.Stream, descriptor: Int32)]

  private static let forwardedTo = Atomic<Int32>(0)

  /// Starts `command`, found along `PATH`, with our standard input, and with our standard error if that is not read.
  ///
  /// - Throws: ``InputError`` if it cannot be started
  package init(command: [String], readsDiagnostics: Bool = false) throws {
    var reading: [Int32] = []
    var writing: [Int32] = []
    for _ in 0..<(readsDiagnostics ? 2 : 1) {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else {
        let failure = errno
        for end in reading + writing { close(end) }
        throw Self.failure(command, failure)
      }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      reading.append(ends[0])
      writing.append(ends[1])
    }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (end, descriptor) in zip(writing, [STDOUT_FILENO, STDERR_FILENO]) {
      posix_spawn_file_actions_adddup2(&actions, end, descriptor)
    }

    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    arguments.append(nil)
    defer { arguments.forEach { free($0) } }
    var pid = pid_t()
    // Masks and ignored signals are inherited: whoever started us may have blocked what the child waits for,
    // and what we ignore for ourselves the child must not.
    #if canImport(Darwin)
      var attributes: posix_spawnattr_t?
    #else
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var ours = sigset_t()
    sigemptyset(&ours)
    for number in [SIGPIPE, SIGXFSZ] { sigaddset(&ours, number) }
    posix_spawnattr_setsigdefault(&attributes, &ours)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    // Where it is ignored, the system keeps no child's status for us.
    signal(SIGCHLD, SIG_DFL)
    let status = posix_spawnp(&pid, command[0], &actions, &attributes, arguments, environ)
    for end in writing { close(end) }
    guard status == 0 else {
      for end in reading { close(end) }
      throw Self.failure(command, status)
    }
    self.pid = pid
    streams = Array(zip([.output, .diagnostics], reading))
    Self.forwardedTo.store(pid, ordering: .relaxed)
    var forwarded = sigset_t()
    sigemptyset(&forwarded)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      sigaddset(&forwarded, number)
      signal(number) { number in
        let child = ChildProcess.forwardedTo.load(ordering: .relaxed)
        if child > 0 { kill(child, number) }
      }
    }
    pthread_sigmask(SIG_UNBLOCK, &forwarded, nil)
  }

  private static func failure(_ command: [String], _ number: Int32) -> InputError {
    InputError(.missing, "cannot start \(command[0]): \(String(cString: strerror(number)))")
  }

  /// How a child ended.
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

  /// Reads the child's output, piece by piece as it comes, until the child has ended.
  ///
  /// What the child left running in the background may hold its output open for ever: once the child has
  /// ended, what is there is read and no more is waited for.
  ///
  /// - Parameters:
  ///   - idle: called ten times a second, and after each piece
  ///   - handle: takes each piece
  package func follow(
    idle: () -> Void = {}, _ handle: (ArraySlice<UInt8>, MetricReader.Stream) throws -> Void
  ) throws -> Ending {
    defer {
      for (_, descriptor) in streams { close(descriptor) }
      Self.forwardedTo.store(0, ordering: .relaxed)
    }
    for (_, descriptor) in streams { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    var open = streams
    var ending: Ending?
    while true {
      var waiting = open.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
      // Its end closes its output, which wakes us; only with a background child the time-out matters.
      _ = poll(&waiting, nfds_t(waiting.count), 100)
      open = try open.filter { stream, descriptor in
        try Descriptor.read(descriptor) { try handle($0, stream) } == .pause
      }
      idle()
      if open.isEmpty { return ending ?? wait() }
      if let ending { return ending }
      ending = ended(WNOHANG)
    }
  }

  /// Asks the child to end.
  package func terminate() { kill(pid, SIGTERM) }

  private func wait() -> Ending {
    while true { if let ending = ended(0) { return ending } }
  }

  /// How the child ended, or `nil` if it has not yet.
  private func ended(_ options: Int32) -> Ending? {
    var status: Int32 = 0
    guard waitpid(pid, &status, options) == pid else { return nil }
    let number = status & 0x7F
    return number == 0 ? .exited((status >> 8) & 0xFF) : .signalled(number)
  }
}

/// Reading of open file descriptors.
package enum Descriptor {
  /// Why a reading stopped.
  package enum Stop {
    /// There is no more.
    case end
    /// There is no more yet; only where the descriptor does not block.
    case pause
  }

  /// Reads to the end, piece by piece as it comes.
  @discardableResult
  package static func read(
    _ descriptor: Int32, _ handle: (ArraySlice<UInt8>) throws -> Void
  ) throws -> Stop {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { bytes in
        TrackerSystem.read(descriptor, bytes.baseAddress, bytes.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN { return .pause }
        throw InputError(.missing, "cannot read: \(String(cString: strerror(errno)))")
      }
      if count == 0 { return .end }
      try handle(buffer[..<count])
    }
  }
}
