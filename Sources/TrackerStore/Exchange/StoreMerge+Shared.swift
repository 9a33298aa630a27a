import TrackerSQLite

/// What runs share: experiments by name, data sets by what they are, models by their UUID.
extension StoreMerge {
  /// Experiments that are new here, with their tags; and what became of those that are here already.
  func mergeExperiments() throws {
    // What was renamed on either side has its new name on both before anything is looked up by name.
    try ExperimentRenames(from: "main", to: "incoming", connection: connection).apply()
    try ExperimentRenames(from: "incoming", to: "main", connection: connection).apply()
    let experiment = try columns("experiment", but: ["id"])
    try connection.run(
      """
      INSERT INTO main.experiment (\(experiment)) SELECT \(experiment) FROM incoming.experiment WHERE true
      ON CONFLICT (name) DO UPDATE SET
        artifact_location = coalesce(artifact_location, excluded.artifact_location)
      """)
    try connection.run(
      """
      UPDATE main.experiment SET (deleted_at, updated_at) = (
        SELECT deleted_at, updated_at FROM incoming.experiment AS theirs
        WHERE theirs.name = experiment.name)
      WHERE EXISTS (
        SELECT 1 FROM incoming.experiment AS theirs
        WHERE theirs.name = experiment.name
          AND (theirs.deleted_at IS NULL) <> (experiment.deleted_at IS NULL)
          AND theirs.updated_at > coalesce(experiment.updated_at, 0))
      """)
    try merge(.experiments, of: "experiment", knownBy: "name")
  }

  /// The tags of experiments or of models: what was given or taken off last counts.
  ///
  /// - Parameters:
  ///   - table: the table of those that have the tags
  ///   - key: the column of it that is the same in both stores
  private func merge(_ tags: TagTable, of table: String, knownBy key: String) throws {
    let owners = """
      JOIN incoming.\(table) AS their_owner ON their_owner.id = theirs.\(tags.owner)
      JOIN main.\(table) AS our_owner ON our_owner.\(key) = their_owner.\(key)
      """
    try connection.run(
      """
      INSERT INTO main.\(tags.name) (\(tags.owner), key, value, set_at)
      SELECT our_owner.id, theirs.key, theirs.value, theirs.set_at
      FROM incoming.\(tags.name) AS theirs \(owners)
      WHERE NOT EXISTS (
        SELECT 1 FROM main.\(tags.removed) AS removed
        WHERE removed.\(tags.owner) = our_owner.id AND removed.key = theirs.key
          AND removed.removed_at >= coalesce(theirs.set_at, 0))
      ON CONFLICT DO UPDATE SET value = excluded.value, set_at = excluded.set_at
      WHERE (coalesce(excluded.set_at, 0), excluded.value)
        > (coalesce(\(tags.name).set_at, 0), \(tags.name).value)
      """)
    try connection.run(
      """
      DELETE FROM main.\(tags.name) AS ours
      WHERE EXISTS (
        SELECT 1 FROM incoming.\(tags.removed) AS theirs \(owners)
        WHERE our_owner.id = ours.\(tags.owner) AND theirs.key = ours.key
          AND theirs.removed_at >= coalesce(ours.set_at, 0))
      AND NOT EXISTS (
        SELECT 1 FROM incoming.\(tags.name) AS theirs \(owners)
        WHERE our_owner.id = ours.\(tags.owner) AND theirs.key = ours.key)
      """)
    try connection.run(
      """
      INSERT INTO main.\(tags.removed) (\(tags.owner), key, removed_at)
      SELECT our_owner.id, theirs.key, theirs.removed_at
      FROM incoming.\(tags.removed) AS theirs \(owners)
      WHERE true ON CONFLICT DO UPDATE SET removed_at = max(removed_at, excluded.removed_at)
      """)
  }

  /// Drops experiments that people deleted on either side and that no run is in.
  func dropRemovedExperiments() throws {
    try connection.run(
      """
      DELETE FROM main.experiment WHERE EXISTS (
        SELECT 1 FROM main.removed_experiment AS removed
        WHERE removed.name = experiment.name AND removed.became IS NULL
          AND removed.removed_at >= coalesce(updated_at, created_at, 0))
      AND id NOT IN (SELECT experiment_id FROM main.run)
      AND id NOT IN (SELECT experiment_id FROM main.logged_model)
      """)
  }

  func mergeDatasets() throws {
    let dataset = try columns("dataset", but: ["id"])
    try connection.run(
      """
      INSERT INTO main.dataset (\(dataset)) SELECT \(dataset) FROM incoming.dataset WHERE true
      ON CONFLICT DO NOTHING
      """)
  }

  /// A row of `incoming` that names a run, and the run here.
  private static let ofRuns = """
    JOIN incoming.run AS their_run ON their_run.id = theirs.run_id
    JOIN main.run AS our_run ON our_run.uuid = their_run.uuid
    """

  /// The data that clients say runs were given. It is described in the experiment that the run has here.
  func mergeInputs() throws {
    let description = "theirs_set.name, digest, source_type, source, schema, profile"
    try connection.run(
      """
      INSERT INTO main.input_dataset (experiment_id, name, digest, source_type, source, schema, profile)
      SELECT our_run.experiment_id, \(description) FROM incoming.run_input AS theirs \(Self.ofRuns)
      JOIN incoming.input_dataset AS theirs_set ON theirs_set.id = theirs.dataset_id
      WHERE true ON CONFLICT DO NOTHING
      """)
    let ours = """
      \(Self.ofRuns)
      JOIN incoming.input_dataset AS theirs_set ON theirs_set.id = theirs.dataset_id
      JOIN main.input_dataset AS our_set ON our_set.experiment_id = our_run.experiment_id
        AND our_set.name = theirs_set.name AND our_set.digest = theirs_set.digest
      """
    try connection.run(
      """
      INSERT INTO main.run_input (run_id, dataset_id)
      SELECT our_run.id, our_set.id FROM incoming.run_input AS theirs \(ours)
      WHERE true ON CONFLICT DO NOTHING
      """)
    try connection.run(
      """
      INSERT INTO main.run_input_tag (run_id, dataset_id, key, value)
      SELECT our_run.id, our_set.id, theirs.key, theirs.value FROM incoming.run_input_tag AS theirs \(ours)
      WHERE true ON CONFLICT DO NOTHING
      """)
  }

  /// Models with what belongs to them: the newer description counts.
  func mergeModels() throws {
    let model = try columns("logged_model", but: ["id", "uuid", "experiment_id"])
    try connection.run(
      """
      INSERT INTO main.logged_model (uuid, experiment_id, \(model))
      SELECT theirs.uuid, ours.id, \(model.replacing("theirs.")) FROM incoming.logged_model AS theirs
      JOIN incoming.experiment AS their_experiment ON their_experiment.id = theirs.experiment_id
      JOIN main.experiment AS ours ON ours.name = their_experiment.name
      WHERE true
      ON CONFLICT (uuid) DO UPDATE SET (\(model)) = (\(model.replacing("excluded.")))
      WHERE excluded.updated_at > logged_model.updated_at
      """)
    let ofModels = """
      JOIN incoming.logged_model AS their_model ON their_model.id = theirs.model_id
      JOIN main.logged_model AS our_model ON our_model.uuid = their_model.uuid
      """
    try connection.run(
      """
      INSERT INTO main.logged_model_parameter (model_id, key, value)
      SELECT our_model.id, theirs.key, theirs.value
      FROM incoming.logged_model_parameter AS theirs \(ofModels)
      WHERE true ON CONFLICT DO UPDATE SET value = excluded.value WHERE excluded.value > value
      """)
    try merge(.models, of: "logged_model", knownBy: "uuid")
    try connection.run(
      """
      INSERT INTO main.logged_model_artifact (model_id, name, blob_id, created_at)
      SELECT our_model.id, theirs.name, \(Self.ourBlob("theirs.blob_id")), theirs.created_at
      FROM incoming.logged_model_artifact AS theirs \(ofModels)
      WHERE true
      ON CONFLICT DO UPDATE SET blob_id = excluded.blob_id, created_at = excluded.created_at
      WHERE excluded.created_at > logged_model_artifact.created_at
      """)
    let metric = try columns("logged_model_metric", but: ["id", "model_id", "run_id"])
    try connection.run(
      """
      INSERT INTO main.logged_model_metric (model_id, run_id, \(metric))
      SELECT our_model.id, our_run.id, \(metric.replacing("theirs."))
      FROM incoming.logged_model_metric AS theirs \(ofModels) \(Self.ofRuns)
      WHERE NOT EXISTS (
        SELECT 1 FROM main.logged_model_metric AS ours
        WHERE ours.model_id = our_model.id AND ours.run_id = our_run.id AND ours.key = theirs.key
          AND ours.step = theirs.step AND ours.time = theirs.time AND ours.value IS theirs.value
          AND ours.dataset_name IS theirs.dataset_name
          AND ours.dataset_digest IS theirs.dataset_digest)
      ORDER BY theirs.id
      """)
    try connection.run(
      """
      INSERT INTO main.run_model (run_id, model_id, role, step)
      SELECT our_run.id, our_model.id, role, step
      FROM incoming.run_model AS theirs \(ofModels) \(Self.ofRuns)
      WHERE true ON CONFLICT DO NOTHING
      """)
  }
}

extension String {
  /// A list of columns, each with what tells its table before it.
  fileprivate func replacing(_ table: String) -> String {
    split(separator: ", ").map { table + $0 }.joined(separator: ", ")
  }
}

/// Gives the experiments of one database the names that another one knows to be newer.
private struct ExperimentRenames {
  let from: String
  let to: String
  let connection: Connection

  func apply() throws {
    let removed = try connection.rows(
      """
      SELECT name, became, removed_at FROM \(from).removed_experiment WHERE became IS NOT NULL
      ORDER BY removed_at, name
      """
    ) { (name: $0.text(0), became: $0.text(1), at: $0.integer(2)) }
    for old in removed {
      // One that got the name after that is another.
      let found = try connection.row(
        """
        SELECT id FROM \(to).experiment
        WHERE name = ? AND coalesce(updated_at, created_at, 0) <= ?
        """, [.text(old.name), .integer(old.at)]
      ) { $0.integer(0) }
      guard let id = found else { continue }
      try rename(id, to: old.became, at: old.at)
    }
    guard to == "main" else { return }
    try connection.run(
      """
      INSERT INTO main.removed_experiment (name, became, removed_at)
      SELECT name, became, removed_at FROM incoming.removed_experiment WHERE true
      ON CONFLICT (name) DO UPDATE SET became = excluded.became, removed_at = excluded.removed_at
      WHERE excluded.removed_at > removed_experiment.removed_at
      """)
  }

  private func rename(_ id: Int64, to name: String, at moment: Int64) throws {
    let other = try connection.row(
      "SELECT id FROM \(to).experiment WHERE name = ?", [.text(name)]
    ) { $0.integer(0) }
    guard let other else {
      return try connection.run(
        "UPDATE \(to).experiment SET name = ?, updated_at = ? WHERE id = ?",
        [.text(name), .integer(moment), .integer(id)])
    }
    guard other != id else { return }
    let runs = try connection.rows(
      "SELECT id FROM \(to).run WHERE experiment_id = ?", [.integer(id)]
    ) { $0.integer(0) }
    for run in runs {
      try RunMove.move(run, to: other, at: .null, in: to, on: connection)
    }
    try connection.run(
      "UPDATE \(to).logged_model SET experiment_id = ? WHERE experiment_id = ?",
      [.integer(other), .integer(id)])
    let tags = TagTable.experiments
    for table in [tags.name, tags.removed] {
      try connection.run(
        "UPDATE OR IGNORE \(to).\(table) SET \(tags.owner) = ? WHERE \(tags.owner) = ?",
        [.integer(other), .integer(id)])
    }
    try connection.run("DELETE FROM \(to).experiment WHERE id = ?", [.integer(id)])
  }
}
