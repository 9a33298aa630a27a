import TrackerSQLite

extension Store {
  /// A sweep with its trials.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/notFound`` when there is none
  package func sweep(id: Int64) throws -> Sweep {
    let sweep = try read("reading a sweep in") { connection -> Sweep? in
      let options = try connection.rows(
        "SELECT name, value FROM sweep_option WHERE sweep_id = ? ORDER BY position", [.integer(id)]
      ) { SweepOption(name: $0.text(0), value: $0.optionalText(1)) }
      let trials = try Self.trials(ofSweep: id, connection)
      return try connection.row(
        """
        SELECT id, uuid, status, ended_at, command, directory, sampler, sampler_seed, trial_count,
          pruner, least_epochs, objective, direction, started_at
        FROM sweep WHERE id = ?
        """, [.integer(id)]
      ) { row in
        Sweep(
          id: row.integer(0), uuid: row.text(1),
          status: RunStatus(rawValue: row.text(2)) ?? .crashed,
          endedAt: row.optionalMoment(3),
          start: SweepStart(
            command: row.text(4), directory: row.text(5), options: options, sampler: row.text(6),
            samplerSeed: row.integer(7), trialCount: row.size(8),
            pruner: row.optionalText(9), leastEpochs: row.size(10),
            objective: row.text(11),
            direction: MetricDirection(rawValue: row.text(12)) ?? .minimize,
            startedAt: row.moment(13)),
          trials: trials)
      }
    }
    guard let sweep else { throw noSuchSweep(id) }
    return sweep
  }

  private static func trials(
    ofSweep id: Int64, _ connection: Connection
  ) throws -> [SweepTrial] {
    var values: [Int: [String: String]] = [:]
    _ = try connection.rows(
      "SELECT number, name, value FROM sweep_trial_value WHERE sweep_id = ?", [.integer(id)]
    ) { values[$0.size(0), default: [:]][$0.text(1)] = $0.text(2) }
    return try connection.rows(
      """
      SELECT sweep_trial.number, sweep_trial.run_id, run.status, sweep_trial.pruned,
        metric_series.id IS NOT NULL, metric_series.last_value
      FROM sweep_trial
      JOIN sweep ON sweep.id = sweep_trial.sweep_id
      JOIN run ON run.id = sweep_trial.run_id
      LEFT JOIN metric_series
        ON metric_series.run_id = sweep_trial.run_id AND metric_series.key = sweep.objective
      WHERE sweep_trial.sweep_id = ? ORDER BY sweep_trial.number
      """, [.integer(id)]
    ) { row in
      let number = row.size(0)
      return SweepTrial(
        number: number, runID: row.integer(1),
        runStatus: RunStatus(rawValue: row.text(2)) ?? .crashed, isPruned: row.integer(3) != 0,
        value: row.integer(4) != 0 ? row.number(5) : nil, values: values[number] ?? [:])
    }
  }

  func noSuchSweep(_ id: Int64) -> StoreError {
    StoreError(.noSuchSweep, "no sweep \(id) in \(path)")
  }
}
