import TrackerSQLite

import TrackerSystem

/// A file with what a store did not take of a run: an export like any other, which `tracker import` adds to the run,
/// known by its UUID, or makes the run of.
///
/// It is made without SQLite's files, by plain writes, somewhere else than on a disk that is full.
struct RescueFile {
  private let run: RunWriter
  /// The file, once one could be made.
  private(set) var path: String?

  init(run: RunWriter) { self.run = run }

  /// Puts these records into the file, in the place of what it held; without one where none can be made.
  ///
  /// - Parameters:
  ///   - end: how the run ended, if it did
  ///   - cause: why the store does not take them; of a store that was moved away the whole run is saved
  /// - Returns: whether they are in the file; what it held before stays there if not
  mutating func save(_ records: [RunRecord], end: RunEnd?, because cause: StoreError) -> Bool {
    guard let connection = try? connection(records, end, isWhole: cause.reason == .moved) else {
      return false
    }
    if let path {
      if let part = write(connection, to: path + ".part"), rename(part, path) == 0 { return true }
      unlink(path + ".part")
      return false
    }
    for folder in RescueFolders(storePath: run.store.path, because: cause).all {
      let name = unusedName("\(folder)/tracker-run-\(run.id)-missing", ".jsonl")
      if let made = write(connection, to: name) {
        path = made
        return true
      }
    }
    return false
  }

  /// The store took everything.
  mutating func remove() {
    if let path { unlink(path) }
    path = nil
  }

  private func write(_ connection: Connection, to path: String) -> String? {
    // What is in a store that others may not read, they may not read here.
    guard let file = try? OutputFile(creating: path, mode: 0o600) else { return nil }
    do {
      var writer = JSONLinesWriter { try file.write($0) }
      _ = try Store.dump(connection, runs: nil, program: run.start.environment.program) {
        try writer.take($0)
      }
      try file.close(isSynchronized: true)
      return path
    } catch {
      unlink(path)
      return nil
    }
  }

  /// A store in memory that holds what is missing.
  private func connection(
    _ records: [RunRecord], _ end: RunEnd?, isWhole: Bool
  ) throws -> Connection {
    let name = ":memory:"
    let program = run.start.environment.program
    let whole = isWhole ? try? wholeRun() : nil
    let connection = try whole ?? Connection(path: name, mode: .memory)
    var id = try whole?.row("SELECT id FROM run") { $0.integer(0) }
    if id == nil {
      try Migrator(connection: connection, path: name).migrate(
        now: .now(), program: program, keepsCopy: false)
      id = try Store.insert(run.start, uuid: run.uuid, signOfLife: .null, on: connection)
    }
    guard let id else { return connection }
    try connection.transaction {
      var appender = MetricAppender(runID: id, startedAt: run.startedAt)
      for record in records {
        if case .points(let points) = record { try appender.append(points, on: connection) }
        try record.insertRows(run: id, on: connection)
      }
      try end?.write(run: id, on: connection)
    }
    if !isWhole { try? makeRoom(on: connection, run: id) }
    return connection
  }

  /// What the store has of the run: a file that was moved away is open still.
  private func wholeRun() throws -> Connection {
    let size = try run.store.artifacts(run: run.id).reduce(0) { $0 + $1.byteCount }
    guard size <= StoredContent.memoryLimit else {
      throw StoreError(.tooLarge, "the artifacts of run \(run.id) are too large for memory")
    }
    let connection = try Connection(path: ":memory:", mode: .memory)
    let program = run.start.environment.program
    try StagingLoader(connection: connection, path: ":memory:", program: program).load { take in
      _ = try run.store.dump(runs: [run.id], program: program) { try take(ImportItem($0)) }
    }
    return connection
  }

  /// Gives points their numbers after those that the store has of the same metric and step.
  private func makeRoom(on connection: Connection, run id: Int64) throws {
    let series = try connection.rows(
      "SELECT id, key, (SELECT min(step) FROM metric_point WHERE series_id = metric_series.id) FROM metric_series"
    ) { (id: $0.integer(0), key: $0.text(1), step: $0.integer(2)) }
    for series in series {
      let taken = try run.store.read("reading") {
        try $0.rows(
          """
          SELECT step, max(nth) + 1 FROM metric_point
          WHERE series_id = (SELECT id FROM metric_series WHERE run_id = ? AND key = ?) AND step >= ?
          GROUP BY step
          """, [.integer(run.id), .text(series.key), .integer(series.step)]
        ) { (step: $0.integer(0), count: $0.integer(1)) }
      }
      for taken in taken {
        let place: [SQLiteValue] = [.integer(series.id), .integer(taken.step)]
        // By way of negative numbers, so that no two are equal meanwhile.
        try connection.run(
          "UPDATE metric_point SET nth = -1 - nth - ?3 WHERE series_id = ?1 AND step = ?2",
          place + [.integer(taken.count)])
        try connection.run(
          "UPDATE metric_point SET nth = -1 - nth WHERE series_id = ?1 AND step = ?2", place)
      }
    }
  }
}

/// Where a rescue file may go, the best place first.
struct RescueFolders {
  let all: [String]

  /// - Parameters:
  ///   - storePath: the store's file
  ///   - cause: why it took nothing: a disk that is full or fails is the last resort
  init(storePath: String, because cause: StoreError) {
    let slash = storePath.lastIndex(of: "/")
    let folder = slash.map { $0 == storePath.startIndex ? "/" : String(storePath[..<$0]) } ?? "."
    func variable(_ name: String) -> [String] {
      getenv(name).map { [String(cString: $0)] }?.filter { !$0.isEmpty } ?? []
    }
    let folders =
      [".", folder] + variable("TMPDIR") + ["/tmp", "/var/tmp"] + variable("HOME") + ["/dev/shm"]
    var seen: Set<FileIdentity> = []
    var known = folders.compactMap { folder in
      FileIdentity(path: folder).flatMap { file in
        seen.insert(file).inserted ? (folder: folder, device: file.device) : nil
      }
    }
    let isDiskToBlame = cause.reason == .full || cause.reason == .inputOutput
    if isDiskToBlame, let disk = FileIdentity(path: folder)?.device {
      known = known.filter { $0.device != disk } + known.filter { $0.device == disk }
    }
    all = known.map(\.folder)
  }
}
