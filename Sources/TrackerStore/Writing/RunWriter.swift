import Synchronization
import TrackerSQLite

extension Store {
  /// Starts the record of a run.
  ///
  /// - Returns: what the run is written with; when the process ends without ``RunWriter/finish(_:error:outcome:stopReason:at:)``, the
  ///   next command that looks sees the run as crashed
  /// - Throws: ``StoreError``
  public func startRun(_ start: RunStart) throws -> RunWriter {
    let uuid = randomUUID()
    let life = signOfLife(of: start.environment.process)
    let id = try write("starting a run in") { connection in
      try connection.transaction {
        try Self.insert(start, uuid: uuid, signOfLife: life, on: connection)
      }
    }
    return RunWriter(store: self, id: id, uuid: uuid, start: start)
  }

  static func insert(
    _ start: RunStart, uuid: String, signOfLife: SQLiteValue, on connection: Connection
  ) throws -> Int64 {
    try ExperimentRows.make(start.experiment, at: start.startedAt, on: connection)
    var datasetID: Int64?
    if let dataset = start.dataset {
      let values: [SQLiteValue] = [
        .text(dataset.sha256), .text(dataset.name), .integer(Int64(dataset.rows)),
        .integer(Int64(dataset.features)), .integer(Int64(dataset.classes)),
      ]
      try connection.run(
        """
        INSERT INTO dataset (sha256, name, row_count, feature_count, class_count)
        VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """, values)
      datasetID = try connection.row(
        """
        SELECT id FROM dataset
        WHERE sha256 = ? AND name = ? AND row_count = ? AND feature_count = ? AND class_count = ?
        """, values
      ) { $0.integer(0) }
    }
    let environment = start.environment
    let process = environment.process
    try connection.run(
      """
      INSERT INTO run (
        uuid, experiment_id, name, status, started_at, note, dataset_id, program, git_commit,
        git_dirty, host, user, machine_id, boot_id, pid_namespace, pid, process_start, command,
        sign_of_life)
      VALUES (
        ?, (SELECT id FROM experiment WHERE name = ?), ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
        ?, ?, ?, ?)
      """,
      [
        .text(uuid), .text(start.experiment), .text(start.name),
        .integer(start.startedAt.milliseconds), .text(start.note), .integer(datasetID),
        .text(environment.program), .text(environment.gitCommit),
        .integer(environment.gitDirty.map { $0 ? 1 : 0 }), .text(environment.host),
        .text(environment.user), .text(process.machineID), .text(process.bootID),
        .text(process.pidNamespace), .integer(Int64(process.pid)), .integer(process.startTime),
        .text(environment.command), signOfLife,
      ])
    let id = connection.lastInsertedRowID
    for (key, value) in start.parameters {
      try connection.run(
        "INSERT INTO parameter (run_id, key, kind, value) VALUES (?, ?, ?, ?)",
        [.integer(id), .text(key), .text(value.kind), value.stored])
    }
    for (key, value) in start.tags {
      try connection.run(
        "INSERT INTO tag (run_id, key, value) VALUES (?, ?, ?)",
        [.integer(id), .text(key), .text(value)])
    }
    if let patch = start.patch.bytes {
      try ArtifactRows.insert(
        run: id, name: CodePatch.artifactName, kind: CodePatch.artifactKind,
        blob: BlobRows.insert(patch, on: connection).id, at: start.startedAt, on: connection)
    }
    return id
  }
}

extension Store {
  /// Records a gradient check of a run, which may have ended.
  ///
  /// - Returns: the check's number
  /// - Throws: ``StoreError``
  package func record(
    _ check: GradientCheckRecord, vectors: GradientCheckRecord.Vectors?, run id: Int64
  ) throws -> Int64 {
    try write("recording a gradient check in") { connection in
      try connection.transaction {
        try GradientCheckRows.insert(check, vectors: vectors, runID: id, on: connection)
      }
    }
  }
}

extension Store {
  /// Writes on a run that is going on: one that a script started with another process.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/noSuchRun``; what is written to a run that has ended is
  ///   refused when it is written
  package func runWriter(id: Int64) throws -> RunWriter {
    let found = try read("reading") {
      try $0.row("SELECT uuid, started_at FROM run WHERE id = ?", [.integer(id)]) {
        (uuid: $0.text(0), startedAt: $0.moment(1))
      }
    }
    guard let found else { throw try noSuchRun("\(id)") }
    return RunWriter(
      store: self, id: id, uuid: found.uuid, start: RunStart(startedAt: found.startedAt))
  }
}

/// A UUID of version 4, random (RFC 9562, section 5.4).
func randomUUID() -> String {
  var generator = SystemRandomNumberGenerator()
  var bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
  bytes[6] = bytes[6] & 0x0F | 0x40
  bytes[8] = bytes[8] & 0x3F | 0x80
  return uuidText(bytes)
}

/// Sixteen bytes as a UUID is written.
func uuidText(_ bytes: [UInt8]) -> String {
  let digits = Array(Digest.hexadecimal(bytes))
  return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
    .joined(separator: "-")
}

/// Writes one run. What a call has written is on disk, and seen by other processes, when it returns.
public final class RunWriter: Sendable {
  /// The run's number.
  public let id: Int64
  /// When the run started.
  public var startedAt: Timestamp { start.startedAt }
  let store: Store
  let uuid: String
  /// What is known here of the run's start: at least when it was.
  let start: RunStart
  private let busyTimeout = Atomic<Int32>(Store.busyTimeout)
  private let takenLate = Atomic<Latecomers>(.none)

  init(store: Store, id: Int64, uuid: String, start: RunStart) {
    self.store = store
    self.id = id
    self.uuid = uuid
    self.start = start
  }

  /// How long each call waits for other processes, in milliseconds.
  var patience: Int32 {
    get { busyTimeout.load(ordering: .relaxed) }
    set { busyTimeout.store(newValue, ordering: .relaxed) }
  }

  /// What is taken of a run that has ended meanwhile.
  package enum Latecomers: UInt8, AtomicRepresentable {
    /// Nothing.
    case none
    /// What was logged before: it comes through a pipe from a process that is gone, whose run a reader may have seen as
    /// crashed before the pipe was empty.
    case loggedBefore
    /// Everything: it comes from one of several processes of the run, of which another one ended it.
    case all
  }

  /// What this writer takes of a run that has ended meanwhile; nothing, unless it is set.
  package var latecomers: Latecomers {
    get { takenLate.load(ordering: .relaxed) }
    set { takenLate.store(newValue, ordering: .relaxed) }
  }

  /// Logs values of several metrics at one step, in one transaction.
  ///
  /// - Throws: ``StoreError``; then nothing of this call is written
  public func log(
    _ values: [(key: String, value: Double)], step: Int64, time: Timestamp = .now()
  ) throws {
    try log(values.map { ($0.key, MetricPoint(step: step, value: $0.value, time: time)) })
  }

  /// Logs values of several metrics at one step, in one transaction: `run.log(["cost": 0.4], step: 3)`.
  ///
  /// - Throws: ``StoreError``; then nothing of this call is written
  public func log(_ values: [String: Double], step: Int, time: Timestamp = .now()) throws {
    try log(values.map { (key: $0.key, value: $0.value) }, step: Int64(step), time: time)
  }

  /// Logs any number of points, in one transaction; points of one metric one after the other are the
  /// fastest.
  ///
  /// - Throws: ``StoreError``; then nothing of this call is written
  public func log(_ points: [(key: String, point: MetricPoint)]) throws {
    try store.write("logging to", patience: patience) { connection in
      // The summaries of the last call are those of now, unless somebody wrote meanwhile, which SQLite tells.
      var (appender, version) = kept.withLock { kept in
        defer { kept = nil }
        return (kept?.appender, kept?.version)
      }
      try connection.transaction {
        if appender == nil || version != connection.dataVersion {
          try requireRunning(
            "logging to", connection, loggedAt: points.lazy.map(\.point.time).max())
          appender = MetricAppender(runID: id, startedAt: startedAt)
        }
        try appender?.append(points, on: connection)
      }
      if let appender {
        kept.withLock { $0 = Kept(appender: appender, version: connection.dataVersion) }
      }
    }
  }

  /// What the last logging knew, and the state of the database that it left.
  private struct Kept {
    var appender: MetricAppender
    var version: UInt32
  }
  private let kept = Mutex<Kept?>(nil)

  /// Logs values of several metrics at the step after the run's last, in one transaction.
  ///
  /// - Returns: that step; 0 for the first
  /// - Throws: ``StoreError``; then nothing of this call is written
  @discardableResult
  package func logNext(
    _ values: [(key: String, value: Double)], time: Timestamp = .now()
  ) throws -> Int64 {
    try write("logging to") { connection in
      let last: Int64? =
        try connection.row(
          "SELECT max(last_step) FROM metric_series WHERE run_id = ?", [.integer(id)]
        ) { $0.optionalInteger(0) } ?? nil
      let step: Int64 = if let last { last == .max ? last : last + 1 } else { 0 }
      var appender = MetricAppender(runID: id, startedAt: startedAt)
      try appender.append(
        values.map { ($0.key, MetricPoint(step: step, value: $0.value, time: time)) },
        on: connection)
      return step
    }
  }

  /// Records a gradient check with its vectors.
  ///
  /// - Returns: the check's number
  /// - Throws: ``StoreError``
  @discardableResult
  public func log(
    check: GradientCheckRecord, vectors: GradientCheckRecord.Vectors? = nil
  ) throws -> Int64 {
    try write("recording a gradient check in") { connection in
      try GradientCheckRows.insert(check, vectors: vectors, runID: id, on: connection)
    }
  }

  /// Keeps bytes under a name; what had the name before is replaced.
  ///
  /// - Returns: the content's SHA-256, in lower-case hexadecimal
  /// - Throws: ``StoreError``
  @discardableResult
  public func logArtifact(
    name: String, kind: String, data: [UInt8], at time: Timestamp = .now()
  ) throws -> String {
    try write("keeping an artifact in") { connection in
      let blob = try BlobRows.insert(data, on: connection)
      try ArtifactRows.insert(
        run: id, name: name, kind: kind, blob: blob.id, at: time, on: connection)
      return blob.sha256
    }
  }

  /// Ends the run.
  ///
  /// - Parameters:
  ///   - ending: what has become of it
  ///   - error: the error that ended it, for ``RunStatus/failed``
  ///   - outcome: why it ended, in a sentence
  ///   - stopReason: the name of that reason, such as `epochLimit`, for programs
  /// - Throws: ``StoreError``
  public func finish(
    _ ending: RunEnding = .finished, error: String? = nil, outcome: String? = nil,
    stopReason: String? = nil, at time: Timestamp = .now()
  ) throws {
    try finish(
      RunEnd(ending: ending, error: error, outcome: outcome, stopReason: stopReason, time: time))
  }

  func finish(_ end: RunEnd) throws {
    try write("ending a run in") { connection in try end.write(run: id, on: connection) }
  }

  func write<R: Sendable>(
    _ action: String, _ body: (Connection) throws -> R
  ) throws -> R {
    try store.write(action, patience: patience) { connection in
      try connection.transaction {
        try requireRunning(action, connection)
        return try body(connection)
      }
    }
  }

  private func requireRunning(
    _ action: String, _ connection: Connection, loggedAt time: Timestamp? = nil
  ) throws {
    let found = try connection.row(
      "SELECT status, ended_at FROM run WHERE id = ?", [.integer(id)]
    ) { (status: $0.text(0), endedAt: $0.optionalMoment(1)) }
    guard let found else {
      throw StoreError(.noSuchRun, "\(action) \(store.path): run \(id) was deleted")
    }
    if found.status == RunStatus.running.rawValue { return }
    switch latecomers {
    case .none: break
    case .loggedBefore:
      // Crashed is a guess of whoever looked.
      if found.status == RunStatus.crashed.rawValue { return }
      if let time, let endedAt = found.endedAt, time <= endedAt { return }
    case .all: return
    }
    throw StoreError(.ended, "\(action) \(store.path): run \(id) has ended (\(found.status))")
  }
}
