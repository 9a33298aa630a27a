import TrackerSQLite

extension Store {
  /// Starts the record of a sweep, as the work of this process.
  ///
  /// - Returns: the sweep's number
  /// - Throws: ``StoreError``
  package func startSweep(_ start: SweepStart, environment: RunEnvironment) throws -> Int64 {
    let life = signOfLife(of: environment.process)
    return try write("starting a sweep in") { connection in
      try connection.transaction {
        let process = environment.process
        try connection.run(
          """
          INSERT INTO sweep (
            uuid, status, started_at, command, directory, sampler, sampler_seed, trial_count, pruner,
            least_epochs, objective, direction, host, machine_id, boot_id, pid_namespace, pid,
            process_start, sign_of_life)
          VALUES (?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
          [
            .text(randomUUID()), .integer(start.startedAt.milliseconds), .text(start.command),
            .text(start.directory), .text(start.sampler), .integer(start.samplerSeed),
            .integer(Int64(start.trialCount)), .text(start.pruner),
            .integer(Int64(start.leastEpochs)), .text(start.objective),
            .text(start.direction.rawValue), .text(environment.host), .text(process.machineID),
            .text(process.bootID), .text(process.pidNamespace), .integer(Int64(process.pid)),
            .integer(process.startTime), life,
          ])
        let id = connection.lastInsertedRowID
        for (position, option) in start.options.enumerated() {
          try connection.run(
            "INSERT INTO sweep_option (sweep_id, position, name, value) VALUES (?, ?, ?, ?)",
            [.integer(id), .integer(Int64(position)), .text(option.name), .text(option.value)])
        }
        return id
      }
    }
  }

  /// Makes a sweep that has stopped the work of this process.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/notFound`` when there is none, and
  ///   ``StoreError/Reason/ended`` when it goes on in another process
  package func resumeSweep(id: Int64, environment: RunEnvironment) throws {
    let life = signOfLife(of: environment.process)
    try write("resuming a sweep in") { connection in
      try connection.transaction {
        let status = try connection.row("SELECT status FROM sweep WHERE id = ?", [.integer(id)]) {
          $0.text(0)
        }
        guard let status else { throw noSuchSweep(id) }
        guard status != RunStatus.running.rawValue else {
          throw StoreError(
            .ended, "sweep \(id) is running, so there is nothing to resume",
            advice: "Wait for its end.")
        }
        let process = environment.process
        try connection.run(
          """
          UPDATE sweep SET status = 'running', ended_at = NULL, host = ?, machine_id = ?,
            boot_id = ?, pid_namespace = ?, pid = ?, process_start = ?, sign_of_life = ?
          WHERE id = ?
          """,
          [
            .text(environment.host), .text(process.machineID), .text(process.bootID),
            .text(process.pidNamespace), .integer(Int64(process.pid)),
            .integer(process.startTime), life, .integer(id),
          ])
      }
    }
  }

  /// Starts the run of a trial; the two are there together, or neither is.
  ///
  /// - Parameter values: what the trial was given of the options that vary, by option
  /// - Throws: ``StoreError``
  package func startTrial(
    _ number: Int, ofSweep id: Int64, values: [String: String], run start: RunStart
  ) throws -> RunWriter {
    let uuid = randomUUID()
    let life = signOfLife(of: start.environment.process)
    let runID = try write("starting a trial in") { connection in
      try connection.transaction {
        let runID = try Self.insert(start, uuid: uuid, signOfLife: life, on: connection)
        try connection.run(
          "INSERT INTO sweep_trial (sweep_id, number, run_id) VALUES (?, ?, ?)",
          [.integer(id), .integer(Int64(number)), .integer(runID)])
        for (name, value) in values {
          try connection.run(
            "INSERT INTO sweep_trial_value (sweep_id, number, name, value) VALUES (?, ?, ?, ?)",
            [.integer(id), .integer(Int64(number)), .text(name), .text(value)])
        }
        return runID
      }
    }
    return RunWriter(store: self, id: runID, uuid: uuid, start: start)
  }

  /// Says that the sweep ended a trial early, and why.
  ///
  /// - Throws: ``StoreError``
  package func markPruned(trial number: Int, ofSweep id: Int64, outcome: String) throws {
    try write("ending a trial in") { connection in
      try connection.transaction {
        let trial: [SQLiteValue] = [.integer(id), .integer(Int64(number))]
        try connection.run(
          "UPDATE sweep_trial SET pruned = 1 WHERE sweep_id = ? AND number = ?", trial)
        try connection.run(
          """
          UPDATE run SET outcome = ?3, stop_reason = 'pruned' WHERE id = (
            SELECT run_id FROM sweep_trial WHERE sweep_id = ?1 AND number = ?2)
          """, trial + [.text(outcome)])
      }
    }
  }

  /// Ends a sweep.
  ///
  /// - Throws: ``StoreError``
  package func finishSweep(id: Int64, _ ending: RunEnding, at time: Timestamp = .now()) throws {
    try write("ending a sweep in") { connection in
      try connection.run(
        "UPDATE sweep SET status = ?, ended_at = max(?, started_at) WHERE id = ?",
        [.text(ending.rawValue), .integer(time.milliseconds), .integer(id)])
    }
  }
}
