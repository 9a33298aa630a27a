import TrackerStore
import TrackerSystem

/// Reads requests from a descriptor and writes answers to another, until nobody asks any more.
package struct SessionLoop {
  /// After lines that nobody waits for, the loop rests a little: what comes meanwhile is one transaction, and
  /// whoever writes wakes nobody.
  static let rest: useconds_t = 5_000
  /// How often it looks whether whoever asks is there, in milliseconds.
  static let longestWait = 500
  /// How much is read at once.
  static let pieceSize = 1 << 18
  /// No line is longer.
  static let lineLimit = 1 << 30

  private var session: Session
  private let input: Int32
  private let output: Int32
  private var pending: [UInt8] = []

  package init(_ surroundings: Session.Surroundings, input: Int32, output: Int32) {
    session = Session(surroundings, answers: SessionAnswers(descriptor: output))
    self.input = input
    self.output = output
  }

  /// Runs until the end of the input, or until whoever asks is gone and everything is read.
  package mutating func run() {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 16)
    defer { piece.deallocate() }
    while true {
      let isThere = session.surroundings.client.isAlive
      var events = [
        pollfd(fd: input, events: Int16(POLLIN), revents: 0),
        pollfd(
          fd: session.answers.isWaiting ? output : -1, events: Int16(POLLOUT), revents: 0),
      ]
      let count = poll(&events, 2, isThere ? Int32(Self.longestWait) : 0)
      if count > 0, events[0].revents != 0 {
        guard let read = try? retrying({ read(input, piece.baseAddress, piece.count) }), read > 0
        else { break }
        let isAwaited = take(UnsafeRawBufferPointer(rebasing: piece[..<read]))
        session.write()
        session.answers.send()
        session.measureSystem()
        if !isAwaited, read < Self.pieceSize / 2 { usleep(Self.rest) }
        continue
      }
      if !isThere { break }
      session.write()
      session.measureSystem()
      session.answers.send()
    }
    session.end()
  }

  /// Takes what was read: whole lines at once, the rest with what comes next.
  ///
  /// - Returns: whether somebody waits for an answer
  private mutating func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var isAwaited = false
    var rest = bytes
    if !pending.isEmpty {
      guard let end = rest.firstPlace(of: UInt8(ascii: "\n")) else {
        pending.append(contentsOf: rest)
        if pending.count > Self.lineLimit { pending.removeAll() }
        return false
      }
      pending.append(contentsOf: rest[...end])
      isAwaited = pending.withUnsafeBufferPointer { session.take($0) }
      pending.removeAll(keepingCapacity: pending.capacity < 1 << 20)
      rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
    }
    while let end = rest.firstPlace(of: UInt8(ascii: "\n")) {
      let line = UnsafeRawBufferPointer(rebasing: rest[...end])
      if session.take(line.bindMemory(to: UInt8.self)) { isAwaited = true }
      rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
    }
    pending.append(contentsOf: rest)
    return isAwaited
  }
}

extension Session {
  /// Ends: what is left is written, and runs that nobody ended are crashed, if whoever asked is gone.
  mutating func end() {
    write()
    // Who ends closes the pipe first: the process may be there for a moment.
    for _ in 0..<100 where surroundings.client.isAlive && runs.values.contains(where: \.isOpen) {
      usleep(10_000)
    }
    let isThere = surroundings.client.isAlive
    for (handle, run) in runs where !run.hasEnded {
      do {
        try run.write()
        if run.isOpen, !isThere { try run.writer.finish(.crashed) } else { run.writer.secure() }
      } catch { warn(error, run: handle) }
      tellNotices(of: run, handle)
    }
    answers.send()
    endDeliveries()
  }
}

extension SessionRun {
  /// Whether this session is to end it and has not.
  fileprivate var isOpen: Bool { !hasEnded && !isJoined }
}
