import TrackerSQLite

extension StoreMerge {
  /// Brings what came since to a run that is here already, known by its UUID; what is here is never replaced by what is
  /// older there.
  func update(_ there: Int64, as here: Int64) throws -> ImportReport.Addition {
    var added = ImportReport.Addition()
    try updateEnd(there, as: here, &added)
    added.parameters = try insert(
      "parameter", "run_id", there, here, unless: "ours.key = theirs.key")
    added.parameters += try replaceParameters(there, as: here)
    try updatePoints(there, as: here, &added)
    try updatePlace(there, as: here, &added)
    try updateTexts(there, as: here, &added)
    added.artifacts = try updateArtifacts(there, as: here)
    added.checks = try updateChecks(there, as: here)
    added.alerts = try insert(
      "alert", "run_id", there, here, but: ["id"],
      unless: """
        ours.title = theirs.title AND ours.text = theirs.text AND ours.step IS theirs.step
          AND ours.created_at = theirs.created_at
        """)
    try mergeReplacedValues(of: there, as: here)
    return added
  }

  /// How the run ended, where that is news: crashed is a guess of whoever looked, and a run that went on is known by what was
  /// recorded of it last.
  private func updateEnd(
    _ there: Int64, as here: Int64, _ added: inout ImportReport.Addition
  ) throws {
    func state(_ schema: String, _ id: Int64) throws -> (
      status: String, last: Int64, process: String
    )? {
      try connection.row(
        """
        SELECT status, coalesce(ended_at, \(Store.lastSign(in: schema))),
          host || ' ' || pid || ' ' || ifnull(process_start, '') || ' ' || ifnull(boot_id, '')
            || ' ' || ifnull(pid_namespace, '')
        FROM \(schema).run WHERE id = ?
        """, [.integer(id)]
      ) { ($0.text(0), $0.integer(1), $0.text(2)) }
    }
    guard let ours = try state("main", here), let theirs = try state("incoming", there),
      ours.status != theirs.status || ours.last < theirs.last
    else { return }
    let isNews =
      switch (ours.status, theirs.status) {
      // It ended there, in the process that it is known here to run in.
      case ("running", let status) where status != "running" && ours.process == theirs.process: true
      case ("crashed", let status) where status != "running" && status != "crashed": true
      // It went on, here or there.
      default: theirs.last > ours.last
      }
    guard isNews else { return }
    let columns = try columns(
      "run",
      but: [
        "id", "uuid", "experiment_id", "dataset_id", "name", "renamed_at", "note", "noted_at",
        "archived_at", "filed_at", "moved_at", "started_at", "command", "program", "git_commit",
        "git_dirty",
      ])
    try connection.run(
      """
      UPDATE main.run SET (\(columns)) = (SELECT \(columns) FROM incoming.run WHERE id = ?)
      WHERE id = ?
      """, [.integer(there), .integer(here)])
    if theirs.status != "running", ours.status != theirs.status { added.status = theirs.status }
  }

  /// What is replaced goes into the log, so that nothing is lost: a newer value of a parameter, and below of the others.
  private func replaceParameters(_ there: Int64, as here: Int64) throws -> Int {
    let isNewer = Self.isNewer(
      "theirs.set_at", "theirs.value", than: "ours.set_at", "ours.value")
    let pairs = """
      FROM main.parameter AS ours JOIN incoming.parameter AS theirs ON theirs.key = ours.key
      WHERE ours.run_id = ?1 AND theirs.run_id = ?2
        AND (ours.kind, ours.value) IS NOT (theirs.kind, theirs.value) AND \(isNewer)
      """
    try log(
      "'params.' || ours.key, NULL, ours.value, ours.set_at, theirs.value, theirs.set_at, NULL \(pairs)",
      there, here)
    guard connection.changeCount > 0 else { return 0 }
    let columns = try columns("parameter", but: ["run_id"])
    try connection.run(
      """
      INSERT OR REPLACE INTO main.parameter (run_id, \(columns))
      SELECT ?1, \(columns) FROM incoming.parameter WHERE run_id = ?2 AND key IN (
        SELECT ours.key \(pairs))
      """, [.integer(here), .integer(there)])
    return connection.changeCount
  }

  private func updatePoints(
    _ there: Int64, as here: Int64, _ added: inout ImportReport.Addition
  ) throws {
    let series = try connection.rows(
      """
      SELECT theirs.id, theirs.key, ours.id FROM incoming.metric_series AS theirs
      LEFT JOIN main.metric_series AS ours ON ours.run_id = ? AND ours.key = theirs.key
      WHERE theirs.run_id = ? ORDER BY theirs.id
      """, [.integer(here), .integer(there)]
    ) { (there: $0.integer(0), key: $0.text(1), here: $0.optionalInteger(2)) }
    let summary = try columns("metric_series", but: ["id", "run_id", "key"])
    let point = try columns("metric_point", but: ["series_id"])
    for series in series {
      guard let id = series.here else {
        try connection.run(
          """
          INSERT INTO main.metric_series (run_id, key, \(summary))
          SELECT ?, key, \(summary) FROM incoming.metric_series WHERE id = ?
          """, [.integer(here), .integer(series.there)])
        try connection.run(
          """
          INSERT INTO main.metric_point (series_id, \(point))
          SELECT ?, \(point) FROM incoming.metric_point WHERE series_id = ? ORDER BY step, nth
          """, [.integer(connection.lastInsertedRowID), .integer(series.there)])
        added.points += connection.changeCount
        continue
      }
      let replaced = try replacePoints(series.there, as: id, there, here)
      try connection.run(
        """
        INSERT INTO main.metric_point (series_id, \(point))
        SELECT ?1, \(point) FROM incoming.metric_point AS theirs
        WHERE series_id = ?2 AND NOT EXISTS (
          SELECT 1 FROM main.metric_point AS ours
          WHERE ours.series_id = ?1 AND ours.step = theirs.step AND ours.nth = theirs.nth)
        ORDER BY step, nth
        """, [.integer(id), .integer(series.there)])
      let count = connection.changeCount
      added.points += count + replaced
      guard count + replaced > 0 else { continue }
      // Where all of it is from there, the summary is theirs, which knows the order in which the points came.
      try connection.run(
        """
        UPDATE main.metric_series SET (\(summary)) = (
          SELECT \(summary) FROM incoming.metric_series WHERE id = ?2)
        WHERE id = ?1 AND NOT EXISTS (
          SELECT step, nth, value, elapsed FROM main.metric_point WHERE series_id = ?1
          EXCEPT SELECT step, nth, value, elapsed FROM incoming.metric_point WHERE series_id = ?2)
        """, [.integer(id), .integer(series.there)])
      if connection.changeCount == 0 {
        try connection.run("\(MetricSeriesRows.summingUp) WHERE id = ?", [.integer(id)])
      }
    }
  }

  /// Of two values for one place in a series, as after a run went on in two stores, the later counts.
  private func replacePoints(
    _ theirSeries: Int64, as ourSeries: Int64, _ there: Int64, _ here: Int64
  ) throws -> Int {
    let isNewer = Self.isNewer("theirs.elapsed", "theirs.value", than: "ours.elapsed", "ours.value")
    let pairs = """
      FROM main.metric_point AS ours JOIN incoming.metric_point AS theirs
        ON theirs.series_id = \(theirSeries) AND theirs.step = ours.step AND theirs.nth = ours.nth
      WHERE ours.series_id = \(ourSeries)
        AND (ours.value, ours.elapsed) IS NOT (theirs.value, theirs.elapsed) AND \(isNewer)
      """
    let start = "(SELECT started_at FROM main.run WHERE id = ?1)"
    try log(
      """
      'metrics.' || (SELECT key FROM main.metric_series WHERE id = \(ourSeries)), ours.step, ours.value,
        \(start) + ours.elapsed, theirs.value, \(start) + theirs.elapsed, NULL \(pairs)
      """, there, here)
    let count = connection.changeCount
    guard count > 0 else { return 0 }
    try connection.run(
      """
      INSERT OR REPLACE INTO main.metric_point (series_id, step, nth, value, elapsed)
      SELECT ours.series_id, theirs.step, theirs.nth, theirs.value, theirs.elapsed \(pairs)
      """)
    return count
  }

  /// The experiment that it was moved to, and whether it is archived.
  private func updatePlace(
    _ there: Int64, as here: Int64, _ added: inout ImportReport.Addition
  ) throws {
    let target = try connection.row(
      """
      SELECT target.id, theirs.moved_at
      FROM main.run AS ours JOIN incoming.run AS theirs ON theirs.id = ?2
      JOIN main.experiment AS our_experiment ON our_experiment.id = ours.experiment_id
      JOIN incoming.experiment AS their_experiment ON their_experiment.id = theirs.experiment_id
      JOIN main.experiment AS target ON target.name = their_experiment.name
      WHERE ours.id = ?1 AND target.id <> ours.experiment_id AND \(Self.isNewer(
        "theirs.moved_at", "their_experiment.name", than: "ours.moved_at", "our_experiment.name"))
      """, [.integer(here), .integer(there)]
    ) { (experiment: $0.integer(0), at: $0.optionalInteger(1)) }
    if let target {
      try log(
        """
        'experiment', NULL, our_experiment.name, ours.moved_at, target.name, \(target.at ?? 0), NULL
        FROM main.run AS ours JOIN main.experiment AS our_experiment
          ON our_experiment.id = ours.experiment_id
        JOIN main.experiment AS target ON target.id = \(target.experiment)
        WHERE ours.id = ?1
        """, there, here)
      try RunMove.move(here, to: target.experiment, at: .integer(target.at), on: connection)
      added.texts += 1
    }
    try connection.run(
      """
      UPDATE main.run SET (archived_at, filed_at) = (
        SELECT archived_at, filed_at FROM incoming.run WHERE id = ?2)
      WHERE id = ?1 AND EXISTS (
        SELECT 1 FROM incoming.run AS theirs
        WHERE theirs.id = ?2 AND (theirs.archived_at IS NULL) <> (run.archived_at IS NULL)
          AND \(Self.isNewer("theirs.filed_at", "theirs.archived_at", than: "run.filed_at", "run.archived_at")))
      """, [.integer(here), .integer(there)])
    added.texts += connection.changeCount
  }

  /// Tags, note and name: what was given last counts.
  private func updateTexts(
    _ there: Int64, as here: Int64, _ added: inout ImportReport.Addition
  ) throws {
    let runs: [SQLiteValue] = [.integer(here), .integer(there)]
    let isNewer = Self.isNewer("theirs.set_at", "theirs.value", than: "tag.set_at", "tag.value")
    try log(
      """
      'tags.' || tag.key, NULL, tag.value, tag.set_at, theirs.value, theirs.set_at, NULL
      FROM main.tag JOIN incoming.tag AS theirs ON theirs.key = tag.key
      WHERE tag.run_id = ?1 AND theirs.run_id = ?2 AND theirs.value <> tag.value AND \(isNewer)
      """, there, here)
    try connection.run(
      """
      INSERT INTO main.tag (run_id, key, value, set_at)
      SELECT ?1, key, value, set_at FROM incoming.tag AS theirs
      WHERE run_id = ?2 AND NOT EXISTS (
        SELECT 1 FROM main.removed_tag AS removed
        WHERE removed.run_id = ?1 AND removed.key = theirs.key
          AND removed.removed_at >= coalesce(theirs.set_at, 0))
      ON CONFLICT (run_id, key) DO UPDATE SET value = excluded.value, set_at = excluded.set_at
      WHERE excluded.value <> tag.value AND \(Self.isNewer(
        "excluded.set_at", "excluded.value", than: "tag.set_at", "tag.value"))
      """, runs)
    added.tags = connection.changeCount
    let removed = """
      EXISTS (
        SELECT 1 FROM incoming.removed_tag AS removed
        WHERE removed.run_id = ?2 AND removed.key = tag.key
          AND removed.removed_at >= coalesce(tag.set_at, 0))
      AND key NOT IN (SELECT key FROM incoming.tag WHERE run_id = ?2)
      """
    try log(
      """
      'tags.' || key, NULL, value, set_at, NULL, (
        SELECT removed_at FROM incoming.removed_tag AS removed
        WHERE removed.run_id = ?2 AND removed.key = tag.key), NULL
      FROM main.tag WHERE run_id = ?1 AND \(removed)
      """, there, here)
    try connection.run("DELETE FROM main.tag WHERE run_id = ?1 AND \(removed)", runs)
    added.tags += connection.changeCount
    try connection.run(
      """
      INSERT INTO main.removed_tag (run_id, key, removed_at)
      SELECT ?1, key, removed_at FROM incoming.removed_tag WHERE run_id = ?2
      ON CONFLICT (run_id, key) DO UPDATE SET removed_at = max(removed_at, excluded.removed_at)
      """, runs)
    for (column, time) in [("note", "noted_at"), ("name", "renamed_at")] {
      let pair = """
        theirs.id = ?2 AND theirs.\(column) IS NOT run.\(column)
        AND \(Self.isNewer("theirs.\(time)", "theirs.\(column)", than: "run.\(time)", "run.\(column)"))
        """
      try log(
        """
        '\(column)', NULL, run.\(column), run.\(time), theirs.\(column), theirs.\(time), NULL
        FROM main.run JOIN incoming.run AS theirs ON \(pair)
        WHERE run.id = ?1 AND run.\(column) IS NOT NULL
        """, there, here)
      try connection.run(
        """
        UPDATE main.run SET (\(column), \(time)) = (
          SELECT \(column), \(time) FROM incoming.run WHERE id = ?2)
        WHERE id = ?1 AND EXISTS (SELECT 1 FROM incoming.run AS theirs WHERE \(pair))
        """, runs)
      added.texts += connection.changeCount
    }
  }

  private func updateArtifacts(_ there: Int64, as here: Int64) throws -> Int {
    let artifact = try columns("artifact", but: ["id", "run_id", "blob_id"])
    let isNewer = Self.isNewer(
      "theirs.created_at", "their_blob.sha256", than: "ours.created_at", "our_blob.sha256")
    try log(
      """
      'artifacts.' || ours.name, NULL, lower(hex(our_blob.sha256)), ours.created_at,
        lower(hex(their_blob.sha256)), theirs.created_at, ours.blob_id
      FROM main.artifact AS ours JOIN main.blob AS our_blob ON our_blob.id = ours.blob_id
      JOIN incoming.artifact AS theirs ON theirs.run_id = ?2 AND theirs.name = ours.name
      JOIN incoming.blob AS their_blob ON their_blob.id = theirs.blob_id
      WHERE ours.run_id = ?1 AND their_blob.sha256 <> our_blob.sha256 AND \(isNewer)
      """, there, here)
    try connection.run(
      """
      INSERT INTO main.artifact (run_id, blob_id, \(artifact))
      SELECT ?1, \(Self.ourBlob("blob_id")), \(artifact) FROM incoming.artifact AS new
      WHERE run_id = ?2 AND NOT EXISTS (
        SELECT 1 FROM main.artifact AS ours JOIN main.blob AS our_blob ON our_blob.id = ours.blob_id
        JOIN incoming.artifact AS theirs ON theirs.id = new.id
        JOIN incoming.blob AS their_blob ON their_blob.id = theirs.blob_id
        WHERE ours.run_id = ?1 AND ours.name = theirs.name
          AND NOT (their_blob.sha256 <> our_blob.sha256 AND \(isNewer)))
      ORDER BY id
      ON CONFLICT (run_id, name) DO UPDATE
        SET kind = excluded.kind, blob_id = excluded.blob_id, created_at = excluded.created_at
      """, [.integer(here), .integer(there)])
    return connection.changeCount
  }

  private func updateChecks(_ there: Int64, as here: Int64) throws -> Int {
    let ids = try connection.rows(
      """
      SELECT id FROM incoming.gradient_check AS theirs
      WHERE run_id = ?2 AND NOT EXISTS (
        SELECT 1 FROM main.gradient_check AS ours
        WHERE ours.run_id = ?1 AND ours.step = theirs.step AND ours.moment = theirs.moment
          AND ours.method = theirs.method AND ours.epsilon IS theirs.epsilon
          AND ours.created_at IS theirs.created_at)
      ORDER BY id
      """, [.integer(here), .integer(there)]
    ) { $0.integer(0) }
    for id in ids { try mergeCheck(id, to: here) }
    return ids.count
  }

  /// Copies the rows of a table that belong to a run and are not here.
  private func insert(
    _ table: String, _ owner: String, _ there: Int64, _ here: Int64, but left: [String] = [],
    unless isSame: String
  ) throws -> Int {
    let list = try columns(table, but: [owner] + left)
    try connection.run(
      """
      INSERT INTO main.\(table) (\(owner), \(list))
      SELECT ?1, \(list) FROM incoming.\(table) AS theirs
      WHERE \(owner) = ?2 AND NOT EXISTS (
        SELECT 1 FROM main.\(table) AS ours WHERE ours.\(owner) = ?1 AND \(isSame))
      """, [.integer(here), .integer(there)])
    return connection.changeCount
  }

  /// Whether a value was given later than another: the time decides; of two of one moment the greater, so that two stores
  /// agree whichever is asked first. Where neither has a time, ours stays.
  static func isNewer(
    _ time: String, _ value: String, than ourTime: String, _ ourValue: String
  ) -> String {
    """
    (coalesce(\(time), 0) > coalesce(\(ourTime), 0)
      OR (\(time) = \(ourTime) AND (\(value) > \(ourValue) OR (\(ourValue) IS NULL AND \(value) IS NOT NULL))))
    """
  }

  /// Writes down what is about to be replaced.
  ///
  /// - Parameter select: field, step, value, when it was given, the value that is kept, when that was given, and the content;
  ///   then FROM …; `?1` is the run here, `?2` there
  private func log(_ select: String, _ there: Int64, _ here: Int64) throws {
    try connection.run(
      """
      INSERT INTO main.replaced_value (
        run_id, source, replaced_at, field, step, value, set_at, kept_value, kept_set_at, blob_id)
      SELECT ?1, ?3, ?4, \(select)
      """,
      [.integer(here), .integer(there), .text(source), .integer(moment.milliseconds)])
  }

  /// The log of the run there, as far as it is not here.
  func mergeReplacedValues(of there: Int64, as here: Int64) throws {
    let value = try columns("replaced_value", but: ["id", "run_id", "blob_id"])
    try connection.run(
      """
      INSERT INTO main.replaced_value (run_id, blob_id, \(value))
      SELECT ?1, \(Self.ourBlob("blob_id")), \(value) FROM incoming.replaced_value AS theirs
      WHERE run_id = ?2 AND NOT EXISTS (
        SELECT 1 FROM main.replaced_value AS ours
        WHERE ours.run_id = ?1 AND ours.field = theirs.field AND ours.step IS theirs.step
          AND ours.value IS theirs.value AND ours.set_at IS theirs.set_at
          AND ours.kept_value IS theirs.kept_value AND ours.kept_set_at IS theirs.kept_set_at)
      ORDER BY id
      """, [.integer(here), .integer(there)])
  }
}
