import TrackerSQLite
import TrackerValues

extension Store {
  /// Moves runs to another experiment, which is made if there is none of this name. The data that they were given and the
  /// models that they made go along.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/noSuchRun``; or where the experiment was deleted. Then nothing is changed
  package func move(
    runs ids: [Int64], toExperiment name: String, at time: Timestamp = .now()
  ) throws {
    try edit("moving runs in", ids) { connection, id in
      try ExperimentRows.make(name, at: time, on: connection)
      let experiment = try Self.experiment(named: name, on: connection)
      guard !experiment.isDeleted else {
        throw StoreError(.deletedExperiment(name), "the experiment \(name) was deleted")
      }
      try RunMove.move(id, to: experiment.id, at: .integer(time.milliseconds), on: connection)
    }
  }

  /// Gives an experiment another name, under which its runs stay together.
  ///
  /// - Throws: ``StoreError`` where there is none, or another one has the name
  package func renameExperiment(
    named name: String, to newName: String, at time: Timestamp = .now()
  ) throws {
    try write("renaming an experiment in") { connection in
      try connection.transaction {
        let experiment = try Self.experiment(named: name, on: connection)
        let other = try connection.row(
          "SELECT id FROM experiment WHERE name = ?", [.text(newName)]
        ) { $0.integer(0) }
        guard other == nil || other == experiment.id else {
          throw StoreError(
            .experimentExists(newName), "there is an experiment \(newName) already")
        }
        try ExperimentRows.rename(experiment.id, to: newName, at: time, on: connection)
      }
    }
  }

  /// Deletes an experiment.
  ///
  /// - Parameter withRuns: whether its runs are deleted with all that belongs to them
  /// - Throws: ``StoreError`` where there is none, it still holds runs and they are not to be deleted, or one of them goes
  ///   on. Then nothing is deleted
  /// - Returns: how many runs were deleted
  package func deleteExperiment(
    named name: String, withRuns: Bool, at time: Timestamp = .now()
  ) throws -> Int {
    try write("deleting an experiment in") { connection in
      try connection.transaction {
        let experiment = try Self.experiment(named: name, on: connection)
        let runs = try connection.rows(
          "SELECT id, status FROM run WHERE experiment_id = ? ORDER BY id",
          [.integer(experiment.id)]
        ) { (id: $0.integer(0), status: $0.text(1)) }
        guard runs.isEmpty || withRuns else {
          throw StoreError(
            .experimentHoldsRuns(name),
            "the experiment \(name) still holds \(runs.count) run\(runs.count == 1 ? "" : "s")")
        }
        if let running = runs.first(where: { $0.status == RunStatus.running.rawValue }) {
          throw StoreError(
            .running(run: running.id), "run \(running.id) is going on and cannot be deleted")
        }
        for run in runs { try RemovedRuns.remove(run.id, on: connection) }
        try ExperimentRows.remove(experiment.id, at: time, on: connection)
        try BlobRows.dropUnused(on: connection)
        return runs.count
      }
    }
  }

  /// Brings back an experiment that a client deleted, and its runs.
  ///
  /// - Throws: ``StoreError`` where there is none, or it was not deleted
  package func restoreExperiment(named name: String) throws {
    let found = try read("reading") { try Self.experiment(named: name, on: $0) }
    guard found.isDeleted else {
      throw StoreError(.ended, "the experiment \(name) was not deleted", advice: nil)
    }
    try setExperiment(found.id, deleted: false)
  }

  /// - Throws: ``StoreError`` with ``StoreError/Reason/noSuchExperiment(_:)``
  private static func experiment(
    named name: String, on connection: Connection
  ) throws -> (id: Int64, isDeleted: Bool) {
    let found = try connection.row(
      "SELECT id, deleted_at IS NOT NULL FROM experiment WHERE name = ?", [.text(name)]
    ) { (id: $0.integer(0), isDeleted: $0.integer(1) == 1) }
    if let found { return found }
    let names = try connection.rows("SELECT name FROM experiment ORDER BY name") { $0.text(0) }
    throw StoreError(
      .noSuchExperiment(name), "there is no experiment \(name)",
      advice: nearest(name, to: names).map { "Did you mean \($0)?" })
  }
}

/// A run's way to another experiment.
enum RunMove {
  /// Moves a run, with the models that it made. Data sets belong to an experiment: those that the run was given are
  /// described there too.
  ///
  /// - Parameters:
  ///   - moment: when somebody moved it; NULL where its experiment was renamed
  ///   - schema: the database's name on the connection
  static func move(
    _ run: Int64, to experiment: Int64, at moment: SQLiteValue, in schema: String = "main",
    on connection: Connection
  ) throws {
    let values: [SQLiteValue] = [.integer(run), .integer(experiment)]
    try connection.run(
      """
      UPDATE \(schema).run SET experiment_id = ?2, moved_at = coalesce(?3, moved_at)
      WHERE id = ?1 AND experiment_id <> ?2
      """, values + [moment])
    guard connection.changeCount > 0 else { return }
    try connection.run(
      """
      UPDATE \(schema).logged_model SET experiment_id = ?2
      WHERE source_run = (SELECT uuid FROM \(schema).run WHERE id = ?1)
      """, values)
    try connection.run(
      """
      INSERT INTO \(schema).input_dataset (
        experiment_id, name, digest, source_type, source, schema, profile)
      SELECT ?2, name, digest, source_type, source, schema, profile FROM \(schema).input_dataset
      WHERE id IN (SELECT dataset_id FROM \(schema).run_input WHERE run_id = ?1)
      ON CONFLICT DO NOTHING
      """, values)
    let pairs = try connection.rows(
      """
      SELECT old.id, new.id FROM \(schema).run_input
      JOIN \(schema).input_dataset AS old ON old.id = run_input.dataset_id
      JOIN \(schema).input_dataset AS new
        ON new.experiment_id = ?2 AND new.name = old.name AND new.digest = old.digest
      WHERE run_id = ?1 AND old.id <> new.id
      """, values
    ) { (old: $0.integer(0), new: $0.integer(1)) }
    for pair in pairs {
      let values: [SQLiteValue] = [.integer(run), .integer(pair.old), .integer(pair.new)]
      try connection.run(
        """
        INSERT INTO \(schema).run_input (run_id, dataset_id) VALUES (?, ?) ON CONFLICT DO NOTHING
        """, [values[0], values[2]])
      try connection.run(
        """
        INSERT INTO \(schema).run_input_tag (run_id, dataset_id, key, value)
        SELECT run_id, ?3, key, value FROM \(schema).run_input_tag
        WHERE run_id = ?1 AND dataset_id = ?2
        ON CONFLICT DO NOTHING
        """, values)
      try connection.run(
        "DELETE FROM \(schema).run_input WHERE run_id = ? AND dataset_id = ?",
        [values[0], values[1]])
    }
  }
}
