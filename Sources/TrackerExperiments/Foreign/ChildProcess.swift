package import TrackerSystem

/// Another program, run as our child with its standard output, and its standard error if that is wanted, read by us.
///
/// Signals are handed on to it, so that it lives and ends as it would alone.
package struct ChildProcess {
  private let program: Program
  /// Where its streams arrive.
  private let streams: [(stream: MetricReader.Stream, descriptor: Int32)]

  /// Starts `command`, found along `PATH`, with our standard input, and with our standard error if that is not read.
  ///
  /// - Throws: ``InputError`` if it cannot be started
  package init(command: [String], readsDiagnostics: Bool = false) throws {
    var streams: [(stream: MetricReader.Stream, descriptor: Int32)] = []
    var writing: [Int32] = []
    defer { for end in writing { close(end) } }
    do {
      for stream in readsDiagnostics ? [MetricReader.Stream.output, .diagnostics] : [.output] {
        let ends = try makePipe()
        streams.append((stream, ends.reading))
        writing.append(ends.writing)
      }
      let (output, error) = (writing[0], readsDiagnostics ? writing[1] : nil)
      program = try SignalForwarding.starting { () throws(SystemError) in
        try Program(
          command, output: .descriptor(output), error: error.map { .descriptor($0) } ?? .inherited)
      }
      self.streams = streams
    } catch {
      for (_, descriptor) in streams { close(descriptor) }
      throw InputError(.missing, "cannot start \(command[0]): \(error)")
    }
  }

  /// Reads the child's output, piece by piece as it comes, until the child has ended.
  ///
  /// What the child left running in the background may hold its output open for ever: once the child has
  /// ended, what is there is read and no more is waited for. When `handle` has no more use for a stream, the
  /// child's next writing to it fails, as it would without us (SIGPIPE).
  ///
  /// - Parameters:
  ///   - idle: called several times a second, and after each piece
  ///   - handle: takes a piece, and answers whether it wants more of that stream
  package func follow(
    idle: () throws -> Void = {},
    _ handle: (ArraySlice<UInt8>, MetricReader.Stream) throws -> Bool
  ) throws -> Program.Ending {
    var open = streams
    defer {
      for (_, descriptor) in open { close(descriptor) }
      SignalForwarding.stop()
    }
    for (_, descriptor) in streams { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    var ending: Program.Ending?
    var pause: Int32 = 1
    while true {
      var waiting = open.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
      // Its end closes its output, which wakes us; only with a background child the time-out matters. Without
      // output the end is near, or the child goes on and says nothing.
      if TrackerSystem.poll(&waiting, nfds_t(waiting.count), open.isEmpty ? pause : 100) == 0 {
        if open.isEmpty { pause = min(100, pause * 2) }
        try idle()
      }
      open = try open.filter { stream, descriptor in
        if try Descriptor.read(descriptor, { try handle($0, stream) }) == .pause { return true }
        close(descriptor)
        return false
      }
      try idle()
      if let ending { return ending }
      ending = program.poll()
    }
  }

  /// Asks the child to end.
  package func terminate() { kill(program.pid, SIGTERM) }
}

/// Reading of open file descriptors.
package enum Descriptor {
  /// Why a reading stopped.
  package enum Stop {
    /// There is no more.
    case end
    /// There is no more yet; only where the descriptor does not block.
    case pause
    /// No more is wanted.
    case enough
  }

  /// Reads to the end, piece by piece as it comes, or until `handle` answers that it wants no more.
  package static func read(
    _ descriptor: Int32, _ handle: (ArraySlice<UInt8>) throws -> Bool
  ) throws -> Stop {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true { if let stop = try readOnce(descriptor, &buffer, handle) { return stop } }
  }

  /// Reads what another program of a pipeline prints.
  ///
  /// - Parameters:
  ///   - idle: called several times a second while nothing comes, and answers whether to wait for more
  ///   - handle: takes a piece, and answers whether it wants more
  package static func follow(
    _ descriptor: Int32, idle: () throws -> Bool, _ handle: (ArraySlice<UInt8>) throws -> Bool
  ) throws -> Stop {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      // One reading a look: without bytes it would wait for ever.
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if TrackerSystem.poll(&waiting, 1, 100) > 0 {
        if let stop = try readOnce(descriptor, &buffer, handle), stop != .pause { return stop }
      } else if try !idle() {
        return .enough
      }
    }
  }

  /// - Returns: why to read no more; `nil` after a piece
  private static func readOnce(
    _ descriptor: Int32, _ buffer: inout [UInt8], _ handle: (ArraySlice<UInt8>) throws -> Bool
  ) throws -> Stop? {
    do {
      let count = try retrying {
        TrackerSystem.read(descriptor, &buffer, buffer.count)
      }
      if count == 0 { return .end }
      return try handle(buffer[..<count]) ? nil : .enough
    } catch let error as SystemError {
      if error.number == EAGAIN { return .pause }
      throw InputError(.missing, "cannot read: \(error)")
    }
  }
}
