import TrackerSQLite

extension StoreMerge {
  /// Brings what came since to a run that is here already, known by its UUID; what is here is never replaced by what is
  /// older there.
  func update(_ there: Int64, as here: Int64) throws -> ImportReport.Addition {
    var added = ImportReport.Addition()
    try updateEnd(there, as: here, &added)
    added.parameters = try insert(
      "parameter", "run_id", there, here, unless: "ours.key = theirs.key")
    added.points = try updatePoints(there, as: here)
    try updateTexts(there, as: here, &added)
    added.artifacts = try updateArtifacts(there, as: here)
    added.checks = try updateChecks(there, as: here)
    added.alerts = try insert(
      "alert", "run_id", there, here, but: ["id"],
      unless: """
        ours.title = theirs.title AND ours.text = theirs.text AND ours.step IS theirs.step
          AND ours.created_at = theirs.created_at
        """)
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
        "archived_at", "started_at", "command", "program", "git_commit", "git_dirty",
      ])
    try connection.run(
      """
      UPDATE main.run SET (\(columns)) = (SELECT \(columns) FROM incoming.run WHERE id = ?)
      WHERE id = ?
      """, [.integer(there), .integer(here)])
    if theirs.status != "running", ours.status != theirs.status { added.status = theirs.status }
  }

  private func updatePoints(_ there: Int64, as here: Int64) throws -> Int {
    let series = try connection.rows(
      """
      SELECT theirs.id, theirs.key, ours.id FROM incoming.metric_series AS theirs
      LEFT JOIN main.metric_series AS ours ON ours.run_id = ? AND ours.key = theirs.key
      WHERE theirs.run_id = ? ORDER BY theirs.id
      """, [.integer(here), .integer(there)]
    ) { (there: $0.integer(0), key: $0.text(1), here: $0.optionalInteger(2)) }
    let summary = try columns("metric_series", but: ["id", "run_id", "key"])
    let point = try columns("metric_point", but: ["series_id"])
    var count = 0
    for series in series {
      var id = series.here
      if id == nil {
        try connection.run(
          """
          INSERT INTO main.metric_series (run_id, key, \(summary))
          SELECT ?, key, \(summary) FROM incoming.metric_series WHERE id = ?
          """, [.integer(here), .integer(series.there)])
        id = connection.lastInsertedRowID
      }
      guard let id else { continue }
      try connection.run(
        """
        INSERT INTO main.metric_point (series_id, \(point))
        SELECT ?1, \(point) FROM incoming.metric_point AS theirs
        WHERE series_id = ?2 AND NOT EXISTS (
          SELECT 1 FROM main.metric_point AS ours
          WHERE ours.series_id = ?1 AND ours.step = theirs.step AND ours.nth = theirs.nth)
        ORDER BY step, nth
        """, [.integer(id), .integer(series.there)])
      let added = connection.changeCount
      guard added > 0, series.here != nil else {
        count += added
        continue
      }
      count += added
      // Where all of it is from there, the summary is theirs, which knows the order in which the points came.
      try connection.run(
        """
        UPDATE main.metric_series SET (\(summary)) = (
          SELECT \(summary) FROM incoming.metric_series WHERE id = ?2)
        WHERE id = ?1 AND (SELECT count(*) FROM main.metric_point WHERE series_id = ?1)
          = (SELECT point_count FROM incoming.metric_series WHERE id = ?2)
        """, [.integer(id), .integer(series.there)])
      if connection.changeCount == 0 {
        try connection.run("\(MetricSeriesRows.summingUp) WHERE id = ?", [.integer(id)])
      }
    }
    return count
  }

  /// Tags, note and name: what was given last counts.
  private func updateTexts(
    _ there: Int64, as here: Int64, _ added: inout ImportReport.Addition
  ) throws {
    let runs: [SQLiteValue] = [.integer(here), .integer(there)]
    try connection.run(
      """
      INSERT INTO main.tag (run_id, key, value, set_at)
      SELECT ?1, key, value, set_at FROM incoming.tag AS theirs
      WHERE run_id = ?2 AND NOT EXISTS (
        SELECT 1 FROM main.removed_tag AS removed
        WHERE removed.run_id = ?1 AND removed.key = theirs.key
          AND removed.removed_at >= coalesce(theirs.set_at, 0))
      ON CONFLICT (run_id, key) DO UPDATE SET value = excluded.value, set_at = excluded.set_at
      WHERE coalesce(excluded.set_at, 0) > coalesce(tag.set_at, 0) AND excluded.value <> tag.value
      """, runs)
    added.tags = connection.changeCount
    try connection.run(
      """
      DELETE FROM main.tag WHERE run_id = ?1 AND EXISTS (
        SELECT 1 FROM incoming.removed_tag AS removed
        WHERE removed.run_id = ?2 AND removed.key = tag.key
          AND removed.removed_at >= coalesce(tag.set_at, 0))
        AND key NOT IN (SELECT key FROM incoming.tag WHERE run_id = ?2)
      """, runs)
    added.tags += connection.changeCount
    try connection.run(
      """
      INSERT INTO main.removed_tag (run_id, key, removed_at)
      SELECT ?1, key, removed_at FROM incoming.removed_tag WHERE run_id = ?2
      ON CONFLICT (run_id, key) DO UPDATE SET removed_at = max(removed_at, excluded.removed_at)
      """, runs)
    for (column, time) in [("note", "noted_at"), ("name", "renamed_at")] {
      try connection.run(
        """
        UPDATE main.run SET (\(column), \(time)) = (
          SELECT \(column), \(time) FROM incoming.run WHERE id = ?2)
        WHERE id = ?1 AND \(column) IS NOT (SELECT \(column) FROM incoming.run WHERE id = ?2)
          AND coalesce((SELECT \(time) FROM incoming.run WHERE id = ?2), 0) > coalesce(\(time), 0)
        """, runs)
      added.texts += connection.changeCount
    }
  }

  private func updateArtifacts(_ there: Int64, as here: Int64) throws -> Int {
    let artifact = try columns("artifact", but: ["id", "run_id", "blob_id"])
    try connection.run(
      """
      INSERT INTO main.artifact (run_id, blob_id, \(artifact))
      SELECT ?1, \(Self.ourBlob("blob_id")), \(artifact) FROM incoming.artifact AS theirs
      WHERE run_id = ?2 AND NOT EXISTS (
        SELECT 1 FROM main.artifact AS ours
        WHERE ours.run_id = ?1 AND ours.name = theirs.name AND (
          ours.created_at >= theirs.created_at OR ours.blob_id = \(Self.ourBlob("theirs.blob_id"))))
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
}
