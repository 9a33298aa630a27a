import Synchronization
@preconcurrency import TrackerSystem

/// Another program, run as our child with its standard output read by us.
///
/// Signals that ask us to stop are handed on to it, so that it ends as it would have ended alone.
package struct ChildProcess {
  /// The child's process number.
  package let pid: Int32
  /// Where its standard output arrives.
  package let output: Int32

  private static let forwardedTo = Atomic<Int32>(0)

  /// Starts `command`, found along `PATH`, with our standard input and standard error.
  ///
  /// - Throws: ``InputError`` if it cannot be started
  package init(command: [String]) throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Self.failure(command, errno) }
    let (reading, writing) = (ends[0], ends[1])
    _ = fcntl(reading, F_SETFD, FD_CLOEXEC)
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, writing, STDOUT_FILENO)
    posix_spawn_file_actions_addclose(&actions, writing)

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
    close(writing)
    guard status == 0 else {
      close(reading)
      throw Self.failure(command, status)
    }
    self.pid = pid
    output = reading
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
  package func follow(_ handle: (ArraySlice<UInt8>) throws -> Void) throws -> Ending {
    defer {
      close(output)
      Self.forwardedTo.store(0, ordering: .relaxed)
    }
    _ = fcntl(output, F_SETFL, O_NONBLOCK)
    var ending: Ending?
    while true {
      var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      // Its end closes its output, which wakes us; only with a background child the time-out matters.
      _ = poll(&waiting, 1, 100)
      if try Descriptor.read(output, handle) == .end { return ending ?? wait() }
      if let ending { return ending }
      ending = ended(WNOHANG)
    }
  }

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

/// Cuts a stream of bytes into lines.
package struct LineSplitter {
  /// A line longer than this is handed on in pieces, so that no stream can fill the memory.
  static let limit = 1 << 20
  private var rest: [UInt8] = []

  package init() {}

  /// Takes the next piece and hands on each line that it completes, without the newline.
  package mutating func feed(_ piece: ArraySlice<UInt8>, _ handle: ([UInt8]) throws -> Void)
    rethrows
  {
    var piece = piece
    while let newline = piece.firstIndex(of: UInt8(ascii: "\n")) {
      rest.append(contentsOf: piece[..<newline])
      piece = piece[(newline + 1)...]
      try flush(handle)
    }
    rest.append(contentsOf: piece)
    if rest.count > Self.limit { try flush(handle) }
  }

  /// Hands on a last line that no newline ended.
  package mutating func finish(_ handle: ([UInt8]) throws -> Void) rethrows {
    if !rest.isEmpty { try flush(handle) }
  }

  private mutating func flush(_ handle: ([UInt8]) throws -> Void) rethrows {
    let line = rest
    rest.removeAll(keepingCapacity: true)
    try handle(line)
  }
}
