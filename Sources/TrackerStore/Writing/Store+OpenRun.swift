import TrackerSQLite

/// What is to become of a run that is there already when one of the same UUID is started.
package enum ExistingRun: String, Hashable, Sendable, CaseIterable {
  /// There must be none.
  case never
  /// It goes on, or is written along with whoever writes it now.
  case allow
  /// There must be one, which goes on as under ``allow``.
  case must
}

/// A run that was started, goes on, or is joined.
package struct OpenedRun: Hashable, Sendable {
  /// The run's number.
  package var id: Int64
  /// Its name across stores.
  package var uuid: String
  /// The step after its last; 0 for the first. What the system was measured at does not count.
  package var nextStep: Int64
  /// Whether another process goes on with it, which ends it.
  package var isJoined: Bool
}

extension Store {
  /// Starts a run, or goes on with the one of this UUID, so that of several processes that do so at once one starts it
  /// and the others join.
  ///
  /// - Parameters:
  ///   - uuid: names the run across stores; `nil` for a new one
  ///   - existing: what is to become of a run that has it already
  /// - Throws: ``StoreError``
  package func openRun(
    _ start: RunStart, uuid: String? = nil, existing: ExistingRun = .never
  ) throws -> OpenedRun {
    let life = signOfLife(of: start.environment.process)
    return try write("starting a run in") { connection in
      try connection.transaction {
        let id = try uuid.flatMap { uuid in
          try connection.row("SELECT id FROM run WHERE uuid = ?", [.text(uuid)]) { $0.integer(0) }
        }
        if let id {
          guard try existing != .never || Self.isRun(id, of: start.environment, on: connection)
          else {
            throw StoreError(
              .ended, "there is a run \(uuid ?? "") already: \(id)",
              advice: "Choose another id, or go on with it: resume=\"allow\"")
          }
          return try Self.reopen(
            id, as: start.environment, signOfLife: life, on: connection)
        }
        guard existing != .must else {
          throw StoreError(
            .noSuchRun, "no run \(uuid ?? "") in \(path)")
        }
        let new = try Self.insert(
          start, uuid: uuid ?? randomUUID(), signOfLife: life, on: connection)
        return try Self.opened(new, isJoined: false, on: connection)
      }
    }
  }

  /// Goes on with a run: the work of another process is joined, and any other becomes this one's.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/noSuchRun``
  package func reopenRun(id: Int64, environment: RunEnvironment) throws -> OpenedRun {
    let life = signOfLife(of: environment.process)
    return try write("resuming a run in") { connection in
      try connection.transaction {
        try Self.reopen(id, as: environment, signOfLife: life, on: connection)
      }
    }
  }

  /// The number of the run of this UUID.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/noSuchRun``
  package func idOfRun(uuid: String) throws -> Int64 {
    let id = try read("reading") {
      try $0.row("SELECT id FROM run WHERE uuid = ?", [.text(uuid)]) { $0.integer(0) }
    }
    guard let id else {
      throw StoreError(.noSuchRun, "no run \(uuid) in \(path)")
    }
    return id
  }

  /// Adds parameters to a run.
  ///
  /// - Parameter replacing: whether those that it has with another value get the new one
  /// - Returns: the keys that keep another value, in order
  /// - Throws: ``StoreError`` with ``StoreError/Reason/noSuchRun``
  package func addParameters(
    _ parameters: [String: ParameterValue], run id: Int64, replacing: Bool = false
  ) throws -> [String] {
    try write("adding parameters in") { connection in
      try connection.transaction {
        guard
          try connection.row("SELECT 1 FROM run WHERE id = ?", [.integer(id)], { _ in true })
            == true
        else { throw StoreError(.noSuchRun, "no run \(id) in \(path)") }
        let now = SQLiteValue.integer(Timestamp.now().milliseconds)
        var kept: [String] = []
        for (key, value) in parameters.sorted(by: { $0.key < $1.key }) {
          let row: [SQLiteValue] = [.integer(id), .text(key), .text(value.kind), value.stored, now]
          let found = try connection.row(
            "SELECT kind, value FROM parameter WHERE run_id = ? AND key = ?",
            [.integer(id), .text(key)]
          ) { ParameterValue(kind: $0.text(0), stored: $0.value(1)) }
          guard let found else {
            try connection.run(
              "INSERT INTO parameter (run_id, key, kind, value, set_at) VALUES (?, ?, ?, ?, ?)", row
            )
            continue
          }
          if found == value { continue }
          guard replacing else {
            kept.append(key)
            continue
          }
          try connection.run(
            """
            UPDATE parameter SET kind = ?3, value = ?4, written = NULL, set_at = ?5
            WHERE run_id = ?1 AND key = ?2
            """, row)
        }
        return kept
      }
    }
  }

  /// Whether a run is this very process'; it is told so again when the answer was lost.
  private static func isRun(
    _ id: Int64, of environment: RunEnvironment, on connection: Connection
  ) throws -> Bool {
    let process = environment.process
    return try connection.row(
      """
      SELECT 1 FROM run
      WHERE id = ? AND status = 'running' AND host = ? AND pid = ? AND process_start IS ?
      """,
      [
        .integer(id), .text(environment.host), .integer(Int64(process.pid)),
        .integer(process.startTime),
      ]
    ) { _ in true } == true
  }

  private static func reopen(
    _ id: Int64, as environment: RunEnvironment, signOfLife: SQLiteValue,
    on connection: Connection
  ) throws -> OpenedRun {
    let found = try connection.row(
      """
      SELECT status, host, pid, process_start, boot_id, pid_namespace, machine_id FROM run
      WHERE id = ?
      """, [.integer(id)]
    ) { row in
      (
        status: row.text(0), host: row.text(1),
        process: ProcessIdentity(
          pid: Int32(truncatingIfNeeded: row.integer(2)), startTime: row.optionalInteger(3),
          bootID: row.optionalText(4), pidNamespace: row.optionalText(5),
          machineID: row.optionalText(6))
      )
    }
    guard let found else {
      throw StoreError(.noSuchRun, "there is no run \(id)")
    }
    let process = environment.process
    let goesOn = found.status == RunStatus.running.rawValue
    let isOurs = found.process == process && found.host == environment.host
    if goesOn, !isOurs, found.process.state(host: found.host) != .gone {
      return try opened(id, isJoined: true, on: connection)
    }
    if !goesOn || !isOurs {
      try connection.run(
        """
        UPDATE run SET status = 'running', error = NULL, outcome = NULL, stop_reason = NULL,
          ended_at = NULL, host = ?, user = ?, machine_id = ?, boot_id = ?, pid_namespace = ?,
          pid = ?, process_start = ?, sign_of_life = ?
        WHERE id = ?
        """,
        [
          .text(environment.host), .text(environment.user), .text(process.machineID),
          .text(process.bootID), .text(process.pidNamespace), .integer(Int64(process.pid)),
          .integer(process.startTime), signOfLife, .integer(id),
        ])
    }
    return try opened(id, isJoined: false, on: connection)
  }

  private static func opened(
    _ id: Int64, isJoined: Bool, on connection: Connection
  ) throws -> OpenedRun {
    let found = try connection.row(
      """
      SELECT uuid, (
        SELECT max(last_step) FROM metric_series
        WHERE run_id = run.id AND key NOT GLOB 'system/*')
      FROM run WHERE id = ?
      """, [.integer(id)]
    ) { (uuid: $0.text(0), step: $0.optionalInteger(1)) }
    return OpenedRun(
      id: id, uuid: found?.uuid ?? "",
      nextStep: (found?.step).map { $0 == .max ? .max : $0 + 1 } ?? 0, isJoined: isJoined)
  }
}
