import TrackerSystem
package import TrackerValues

/// Writes a run whatever becomes of its store meanwhile.
///
/// A store that cannot take a record now, because its disk is full, another process keeps it busy, or its file was moved
/// away, does not end a program that may have worked for days. What it does not take is kept and tried again, in order, with what
/// comes after it. It is told at once (``Notice``), and put into a rescue file on each failed try, so that not even the end
/// of the process loses more than the last moments of it. What the store never takes stays in that file, which
/// `tracker import` brings in later, and ``finish(_:error:outcome:stopReason:at:)`` says so with an ``UnrecordedError``.
///
/// One thread at a time uses it. Call ``retry()`` now and then while nothing comes, at least once a second.
///
/// ```swift
/// let writer = ResilientWriter(try store.startRun(RunStart())) { notice in log(notice.sentence) }
/// try writer.write(.points([("cost", MetricPoint(step: 0, value: 1, time: .now()))]))
/// try writer.finish()
/// ```
package final class ResilientWriter {
  /// What somebody who waits for the program wants to know at once.
  package enum Notice: Sendable {
    /// The store does not take records from here on. They are kept in the file too, where one could be made.
    case interrupted(StoreError, rescue: String?)
    /// It takes them again, and has all of them.
    case resumed

    /// The same in words.
    package var text: String {
      switch self {
      case .interrupted(let error, let rescue):
        let copy = rescue.map { " A copy is kept in \($0)." } ?? ""
        return error.mayPass
          ? "\(error.message). What is recorded meanwhile waits, and is tried again.\(copy)"
          : "\(error.message). From here on the store takes nothing.\(copy)"
      case .resumed: return "the store takes records again, and has all of them."
      }
    }

    /// The same with `warning:` or `note:` before it.
    package var sentence: String {
      if case .resumed = self { return "note: \(text)" }
      return "warning: \(text)"
    }
  }

  /// How long a record waits for other processes before it is kept for later; the end of a run waits longer.
  static let patience: Int32 = 2_000
  /// How long each further try waits.
  static let patienceInTrouble: Int32 = 250
  /// Between two tries: it doubles from the one to the other.
  private static let shortestPause = Duration.seconds(1)
  private static let longestPause = Duration.seconds(60)
  /// What waits takes at most so much memory; beyond that it is in rescue files alone.
  static let waitingLimit = 256 << 20

  /// What the run is written with.
  package let run: RunWriter
  /// Why the store takes nothing now; `nil` while it does.
  package private(set) var trouble: StoreError?
  private let onNotice: (Notice) -> Void
  private var waiting: [RunRecord] = []
  private var waitingBytes = 0
  private var nextTry = ContinuousClock.now
  private var pause = shortestPause
  private var rescue: RescueFile
  /// Files of what was waiting too long to be kept in memory.
  private var filled: [String] = []
  /// Whether records are lost for good: no file took them.
  private var hasLost = false

  /// - Parameters:
  ///   - run: where to write
  ///   - onNotice: hears at once when the store stops taking records, and when it takes them again
  package init(_ run: RunWriter, onNotice: @escaping (Notice) -> Void = { _ in }) {
    self.run = run
    self.onNotice = onNotice
    rescue = RescueFile(run: run)
    run.patience = Self.patience
  }

  /// Writes the record, or keeps it until the store takes it.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/ended`` or ``StoreError/Reason/noSuchRun`` when somebody else ended or
  ///   deleted the run: then there is nothing to write to
  package func write(_ record: RunRecord) throws {
    guard trouble != nil else {
      do { try run.write(record) } catch let error as StoreError where !error.endsRun {
        keep(record)
        begin(error)
      }
      return
    }
    keep(record)
    if ContinuousClock.now >= nextTry { try writeWaiting() }
  }

  /// Tries again what waits, when it is time to.
  ///
  /// - Throws: as ``write(_:)``
  package func retry() throws {
    guard trouble != nil, ContinuousClock.now >= nextTry else { return }
    try writeWaiting()
  }

  /// Puts what waits into the rescue file, where the process ends and the run goes on.
  package func secure() { save(nil) }

  /// Ends the run, with all that waited.
  ///
  /// - Throws: ``UnrecordedError`` when the store does not have all of it; ``StoreError`` as ``write(_:)``
  package func finish(
    _ ending: RunEnding = .finished, error: String? = nil, outcome: String? = nil,
    stopReason: String? = nil, at time: Timestamp = .now()
  ) throws {
    run.patience = Store.busyTimeout
    var end = RunEnd(
      ending: ending, error: error, outcome: outcome, stopReason: stopReason, time: time)
    do {
      try tryAgain {
        if trouble?.mayPass == true { try writeWaiting() }
        if let trouble { throw trouble }
        if !filled.isEmpty || hasLost { end.outcome = end.outcome(adding: gap) }
        try run.finish(end)
      }
      try run.store.requirePlace()
    } catch let error as StoreError where !error.endsRun {
      (trouble, lastTrouble) = (error, error)
      save(end)
      // The records that it does not take may be larger than the word that they are missing.
      if error.mayPass, error.reason != .busy {
        end.outcome = end.outcome(adding: gap)
        try? run.finish(end)
      }
    }
    guard let lastTrouble, trouble != nil || !filled.isEmpty || hasLost else { return }
    throw UnrecordedError(run: run.id, cause: lastTrouble, files: files)
  }

  /// Some errors are over in a moment; what waits for other processes has waited already.
  private func tryAgain(_ body: () throws -> Void) throws {
    for pause: UInt32 in [10_000, 200_000] {
      do { return try body() } catch let error as StoreError
        where error.mayPass && error.reason != .busy
      {
        (trouble, lastTrouble) = (error, error)
        usleep(pause)
      }
    }
    try body()
  }

  /// Why the store took nothing the last time that it did not.
  private var lastTrouble: StoreError?

  private var files: [String] { filled + (rescue.path.map { [$0] } ?? []) }

  /// What the run's record says of what it lacks.
  private var gap: String {
    let place = files.isEmpty ? "" : " It is in \(files.joined(separator: " and "))."
    return "Not all was recorded: \(lastTrouble?.message ?? "").\(place)"
  }

  private func begin(_ error: StoreError) {
    let isNew = trouble == nil
    trouble = error
    lastTrouble = error
    save(nil)
    nextTry = .now + pause
    pause = min(pause * 2, Self.longestPause)
    run.patience = Self.patienceInTrouble
    if isNew { onNotice(.interrupted(error, rescue: rescue.path)) }
  }

  private func keep(_ record: RunRecord) {
    switch record {
    case .points(let points):
      if case .points(var last)? = waiting.last, last.count + points.count <= 10_000 {
        waiting.removeLast()
        last += points
        waiting.append(.points(last))
      } else {
        waiting.append(record)
      }
    case .artifact(let name, _, _, _):
      // Of what has one name only the last is of use.
      waiting.removeAll { other in
        guard case .artifact(name, _, _, _) = other else { return false }
        waitingBytes -= other.byteCount
        return true
      }
      waiting.append(record)
    default: waiting.append(record)
    }
    waitingBytes += record.byteCount
    if waitingBytes > Self.waitingLimit { drop() }
  }

  /// What waits goes into a file of its own, for good.
  private func drop() {
    save(nil)
    if let path = rescue.path { filled.append(path) } else { hasLost = true }
    rescue = RescueFile(run: run)
    waiting = []
    waitingBytes = 0
  }

  private func save(_ end: RunEnd?) {
    guard let cause = trouble, !rescue.save(waiting, end: end, because: cause),
      let (head, tail) = Self.halves(of: waiting)
    else { return }
    // A file may not grow so large, or a disk has so much room: what one does not hold two may.
    var first = RescueFile(run: run)
    guard first.save(head, end: nil, because: cause), let path = first.path else { return }
    rescue.remove()
    filled.append(path)
    waiting = tail
    waitingBytes = waiting.reduce(0) { $0 + $1.byteCount }
    save(end)
  }

  private static func halves(of records: [RunRecord]) -> ([RunRecord], [RunRecord])? {
    if records.count > 1 {
      return (Array(records[..<(records.count / 2)]), Array(records[(records.count / 2)...]))
    }
    guard case .points(let points)? = records.first, points.count > 1 else { return nil }
    let middle = points.count / 2
    return ([.points(Array(points[..<middle]))], [.points(Array(points[middle...]))])
  }

  private func writeWaiting() throws {
    guard trouble?.mayPass == true else {
      // For good: what has come since goes into the file alone.
      save(nil)
      return nextTry = .now + Self.longestPause
    }
    var written = 0
    defer {
      waiting.removeFirst(written)
      waitingBytes = waiting.reduce(0) { $0 + $1.byteCount }
    }
    for record in waiting {
      do { try run.write(record) } catch let error as StoreError where !error.endsRun {
        waiting.removeFirst(written)
        written = 0
        return begin(error)
      }
      written += 1
    }
    trouble = nil
    pause = Self.shortestPause
    run.patience = Self.patience
    rescue.remove()
    onNotice(.resumed)
  }
}

extension StoreError {
  /// Whether the same may succeed later.
  package var mayPass: Bool {
    switch reason {
    case .full, .inputOutput, .outOfMemory, .busy, .readOnly, .cannotOpen, .other: true
    default: false
    }
  }

  /// Whether there is no run to write to any more.
  fileprivate var endsRun: Bool { reason == .ended || reason == .noSuchRun }
}

/// A run came to its end, and the store did not take all of it.
package struct UnrecordedError: ExplainedError {
  /// The run's number.
  package let run: Int64
  /// Why the store did not.
  package let cause: StoreError
  /// Where what is missing is; empty if no file could be written either.
  package let files: [String]

  /// What is missing, why, and where it is.
  package var description: String {
    let place =
      files.isEmpty
      ? ", and no file could be written in its place"
      : "; what is missing is in \(files.joined(separator: " and "))"
    return "run \(run) could not be recorded to its end: \(cause.message)\(place)"
  }

  /// `unavailable` where another process kept the store busy, else `inputOutput`.
  package var kind: ExplainedErrorKind { cause.kind == .unavailable ? .unavailable : .inputOutput }
  /// The cause's.
  package var advice: String? { cause.advice }
}
