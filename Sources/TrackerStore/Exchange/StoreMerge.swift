import TrackerSQLite

/// Takes the runs of an attached store, `incoming`, over into `main`, within a transaction.
///
/// Both have the newest schema. Columns are matched by name, so that a later migration needs no change here
/// unless it adds a table.
struct StoreMerge {
  let connection: Connection
  /// What the runs come from, for the log of what was replaced.
  let source: String
  /// When.
  let moment: Timestamp
  /// Whether runs that people deleted here stay deleted, as in a sync, or come back.
  let keepsRemoved: Bool

  func merge() throws -> ImportReport {
    var report = ImportReport()
    if keepsRemoved { report.removed = try leaveRemoved() }
    let logged =
      try connection.row("SELECT max(id) FROM main.replaced_value") { $0.optionalInteger(0) } ?? nil
    try mergeExperiments()
    try mergeDatasets()
    let contents = try mergeContents()
    let runs = try connection.rows(
      """
      SELECT theirs.id, ours.id FROM incoming.run AS theirs
      LEFT JOIN main.run AS ours ON ours.uuid = theirs.uuid ORDER BY theirs.id
      """
    ) { (there: $0.integer(0), here: $0.optionalInteger(1)) }
    for run in runs {
      if let here = run.here {
        let pair = ImportReport.Pair(there: run.there, here: here)
        report.known.append(pair)
        let added = try update(run.there, as: here)
        if added != ImportReport.Addition() { report.additions.append((pair, added)) }
      } else {
        report.imported.append(
          ImportReport.Pair(there: run.there, here: try mergeRun(run.there)))
      }
    }
    for run in report.imported + report.known { try mergeTrial(ofRun: run.there, as: run.here) }
    try mergeEndsOfSweeps()
    try mergeInputs()
    try mergeModels()
    try dropRemovedExperiments()
    report.replacedCount =
      try connection.row(
        """
        SELECT count(*) FROM main.replaced_value WHERE id > ? AND source = ? AND replaced_at = ?
        """, [.integer(logged ?? 0), .text(source), .integer(moment.milliseconds)]
      ) { $0.count(0) } ?? 0
    // Of runs that were here some contents are older than ours.
    for content in contents { try BlobRows.dropUnused(content, on: connection) }
    return report
  }

  /// Drops what people deleted here from what is to be merged.
  ///
  /// - Returns: the runs' numbers there
  private func leaveRemoved() throws -> [Int64] {
    let removed = """
      uuid IN (SELECT uuid FROM main.removed_run) AND uuid NOT IN (SELECT uuid FROM main.run)
      """
    let ids = try connection.rows("SELECT id FROM incoming.run WHERE \(removed) ORDER BY id") {
      $0.integer(0)
    }
    if !ids.isEmpty { try connection.run("DELETE FROM incoming.run WHERE \(removed)") }
    return ids
  }

  /// The place of a run in its sweep, and the sweep itself, which its UUID tells, if it is new here.
  private func mergeTrial(ofRun there: Int64, as here: Int64) throws {
    let trial = try connection.row(
      """
      SELECT sweep.id, sweep.uuid, number FROM incoming.sweep_trial
      JOIN incoming.sweep ON sweep.id = sweep_id WHERE run_id = ?
      """, [.integer(there)]
    ) { (sweep: $0.integer(0), uuid: $0.text(1), number: $0.integer(2)) }
    guard let trial else { return }
    let known = try connection.row(
      "SELECT id FROM main.sweep WHERE uuid = ?", [.text(trial.uuid)]
    ) { $0.integer(0) }
    let sweep = try known ?? mergeSweep(trial.sweep)
    let list = try columns("sweep_trial", but: ["sweep_id", "run_id"])
    try connection.run(
      """
      INSERT INTO main.sweep_trial (sweep_id, run_id, \(list))
      SELECT ?, ?, \(list) FROM incoming.sweep_trial WHERE run_id = ? ON CONFLICT DO NOTHING
      """, [.integer(sweep), .integer(here), .integer(there)])
    // Where the sweep has another run for the same trial, that one stays.
    guard connection.changeCount > 0 else { return }
    let values = try columns("sweep_trial_value", but: ["sweep_id"])
    try connection.run(
      """
      INSERT INTO main.sweep_trial_value (sweep_id, \(values))
      SELECT ?, \(values) FROM incoming.sweep_trial_value WHERE sweep_id = ? AND number = ?
      """, [.integer(sweep), .integer(trial.sweep), .integer(trial.number)])
  }

  private func mergeSweep(_ there: Int64) throws -> Int64 {
    let sweep = try columns("sweep", but: ["id"])
    try connection.run(
      "INSERT INTO main.sweep (\(sweep)) SELECT \(sweep) FROM incoming.sweep WHERE id = ?",
      [.integer(there)])
    let here = connection.lastInsertedRowID
    let option = try columns("sweep_option", but: ["sweep_id"])
    try connection.run(
      """
      INSERT INTO main.sweep_option (sweep_id, \(option))
      SELECT ?, \(option) FROM incoming.sweep_option WHERE sweep_id = ?
      """, [.integer(here), .integer(there)])
    return here
  }

  private func mergeRun(_ there: Int64) throws -> Int64 {
    let run = try columns("run", but: ["id", "experiment_id", "dataset_id"])
    try connection.run(
      """
      INSERT INTO main.run (experiment_id, dataset_id, \(run))
      SELECT
        (SELECT ours.id FROM main.experiment AS ours JOIN incoming.experiment AS theirs
          ON theirs.name = ours.name WHERE theirs.id = experiment_id),
        (SELECT ours.id FROM main.dataset AS ours JOIN incoming.dataset AS theirs
          ON theirs.sha256 = ours.sha256 AND theirs.name = ours.name
            AND theirs.row_count = ours.row_count AND theirs.feature_count = ours.feature_count
            AND theirs.class_count = ours.class_count
          WHERE theirs.id = dataset_id),
        \(run)
      FROM incoming.run WHERE id = ?
      """, [.integer(there)])
    let here = connection.lastInsertedRowID
    try connection.run(
      "DELETE FROM main.removed_run WHERE uuid = (SELECT uuid FROM main.run WHERE id = ?)",
      [.integer(here)])
    for table in ["parameter", "tag", "removed_tag"] {
      let list = try columns(table, but: ["run_id"])
      try connection.run(
        """
        INSERT INTO main.\(table) (run_id, \(list))
        SELECT ?, \(list) FROM incoming.\(table) WHERE run_id = ?
        """, [.integer(here), .integer(there)])
    }
    try forEach("metric_series", of: there, as: here) { series, copy in
      let list = try columns("metric_point", but: ["series_id"])
      try connection.run(
        """
        INSERT INTO main.metric_point (series_id, \(list))
        SELECT ?, \(list) FROM incoming.metric_point WHERE series_id = ? ORDER BY step, nth
        """, [.integer(copy), .integer(series)])
    }
    let artifact = try columns("artifact", but: ["id", "run_id", "blob_id"])
    try connection.run(
      """
      INSERT INTO main.artifact (run_id, blob_id, \(artifact))
      SELECT ?, \(Self.ourBlob("blob_id")), \(artifact) FROM incoming.artifact WHERE run_id = ? ORDER BY id
      """, [.integer(here), .integer(there)])
    try mergeChecks(of: there, as: here)
    let alert = try columns("alert", but: ["id", "run_id"])
    try connection.run(
      """
      INSERT INTO main.alert (run_id, \(alert))
      SELECT ?, \(alert) FROM incoming.alert WHERE run_id = ? ORDER BY id
      """, [.integer(here), .integer(there)])
    try mergeReplacedValues(of: there, as: here)
    return here
  }

  private func mergeChecks(of there: Int64, as here: Int64) throws {
    let ids = try connection.rows(
      "SELECT id FROM incoming.gradient_check WHERE run_id = ? ORDER BY id", [.integer(there)]
    ) { $0.integer(0) }
    for id in ids { try mergeCheck(id, to: here) }
  }

  func mergeCheck(_ id: Int64, to here: Int64) throws {
    let vectors = [
      "analytic_blob_id", "numerical_blob_id", "parameters_blob_id", "second_numerical_blob_id",
    ]
    let check = try columns("gradient_check", but: ["id", "run_id"] + vectors)
    try connection.run(
      """
      INSERT INTO main.gradient_check (run_id, \(vectors.joined(separator: ", ")), \(check))
      SELECT ?, \(vectors.map(Self.ourBlob).joined(separator: ", ")), \(check)
      FROM incoming.gradient_check WHERE id = ?
      """, [.integer(here), .integer(id)])
    let copy = connection.lastInsertedRowID
    for table in ["gradient_check_block", "gradient_check_entry"] {
      let list = try columns(table, but: ["check_id"])
      try connection.run(
        """
        INSERT INTO main.\(table) (check_id, \(list))
        SELECT ?, \(list) FROM incoming.\(table) WHERE check_id = ?
        """, [.integer(copy), .integer(id)])
    }
  }

  /// A sweep that ended there, and is not known here to have.
  private func mergeEndsOfSweeps() throws {
    try connection.run(
      """
      UPDATE main.sweep SET (status, ended_at) = (
        SELECT status, ended_at FROM incoming.sweep AS theirs WHERE theirs.uuid = sweep.uuid)
      WHERE status IN ('running', 'crashed') AND EXISTS (
        SELECT 1 FROM incoming.sweep AS theirs
        WHERE theirs.uuid = sweep.uuid AND theirs.status NOT IN ('running', 'crashed')
          AND theirs.pid = sweep.pid AND theirs.process_start IS sweep.process_start)
      """)
  }

  /// The contents that are new here; each is kept once, and only with its hash.
  ///
  /// - Returns: their numbers here
  private func mergeContents() throws -> [Int64] {
    var copies: [Int64] = []
    let contents = try connection.rows(
      """
      SELECT \(StoredContent.columns) FROM incoming.blob WHERE id IN (
        SELECT blob_id FROM incoming.artifact
        UNION SELECT analytic_blob_id FROM incoming.gradient_check
        UNION SELECT numerical_blob_id FROM incoming.gradient_check
        UNION SELECT parameters_blob_id FROM incoming.gradient_check
        UNION SELECT second_numerical_blob_id FROM incoming.gradient_check
        UNION SELECT blob_id FROM incoming.logged_model_artifact
        UNION SELECT blob_id FROM incoming.replaced_value)
      AND sha256 NOT IN (SELECT sha256 FROM main.blob)
      ORDER BY id
      """, [], StoredContent.init)
    for content in contents {
      do {
        var copy = try ContentWriter(
          ReceivedContent(sha256: content.sha256, byteCount: content.byteCount), on: connection)
        try content.forEachPiece(on: connection, in: "incoming") { try copy.append($0) }
        copies.append(try copy.finish())
      } catch is ContentMismatch {
        throw StoreError(
          .malformed, "importing: content \(content.id) does not have its SHA-256")
      }
    }
    return copies
  }

  /// Copies the rows of a table with an id of its own, and lends the old and the new id of each.
  private func forEach(
    _ table: String, of there: Int64, as here: Int64, _ body: (Int64, Int64) throws -> Void
  ) throws {
    let list = try columns(table, but: ["id", "run_id"])
    let ids = try connection.rows(
      "SELECT id FROM incoming.\(table) WHERE run_id = ? ORDER BY id", [.integer(there)]
    ) { $0.integer(0) }
    for id in ids {
      try connection.run(
        """
        INSERT INTO main.\(table) (run_id, \(list))
        SELECT ?, \(list) FROM incoming.\(table) WHERE id = ?
        """, [.integer(here), .integer(id)])
      try body(id, connection.lastInsertedRowID)
    }
  }

  static func ourBlob(_ column: String) -> String {
    """
    (SELECT ours.id FROM main.blob AS ours JOIN incoming.blob AS theirs
      ON theirs.sha256 = ours.sha256 WHERE theirs.id = \(column))
    """
  }

  /// The columns of a table but for some, as they stand in a statement.
  func columns(_ table: String, but left: [String]) throws -> String {
    try connection.rows(
      "SELECT name FROM pragma_table_info(?, 'main')", [.text(table)]
    ) { $0.text(0) }.filter { !left.contains($0) }.map { "\"\($0)\"" }.joined(separator: ", ")
  }
}
