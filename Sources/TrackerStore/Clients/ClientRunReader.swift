import TrackerSQLite

extension Store {
  /// A run by its UUID, archived or not.
  ///
  /// - Throws: ``ClientRefusal/noRun(_:)``; ``StoreError``
  package func clientRun(_ uuid: String) throws -> ClientRun {
    let runs = try read("reading") {
      try ClientRunReader(connection: $0).runs("WHERE run.uuid = ?", [.text(uuid)])
    }
    guard let run = runs.first else { throw ClientRefusal.noRun(uuid) }
    return run
  }

  /// The runs of some experiments that a condition is true of; those that started last first where the order does
  /// not tell, and then by their UUIDs.
  ///
  /// - Parameters:
  ///   - archived: those that were archived, those that were not; `nil` for all
  ///   - offset: so many of the first are left out
  /// - Throws: ``StoreError``; ``FilterSyntaxError``
  package func clientRuns(
    experiments: [Int64], where condition: FilterExpression?, order: [FilterSortKey],
    archived: Bool?, limit: Int, offset: Int
  ) throws -> [ClientRun] {
    try read("reading") { connection in
      var compiler = FilterCompiler()
      var conditions = [
        "run.experiment_id IN (\(experiments.map(String.init).joined(separator: ",")))"
      ]
      if let condition { conditions.append(try compiler.sql(condition)) }
      if let archived { conditions.append("archived_at IS \(archived ? "NOT " : "")NULL") }
      let order = try order.isEmpty ? "" : compiler.order(order) + ", "
      return try ClientRunReader(connection: connection).runs(
        """
        WHERE \(conditions.joined(separator: " AND "))
        ORDER BY \(order)run.started_at DESC, run.uuid LIMIT \(limit) OFFSET \(offset)
        """, compiler.values)
    }
  }
}

/// Reads runs for clients in few statements, however many there are: their rows, and then what belongs to them.
private struct ClientRunReader {
  let connection: Connection

  func runs(_ clauses: String, _ values: [SQLiteValue]) throws -> [ClientRun] {
    var runs = try connection.rows(
      """
      SELECT run.id, uuid, experiment_id, experiment.name, artifact_location, run.name, status,
        started_at, ended_at, archived_at IS NOT NULL, user, note, command, git_commit
      \(RunReader.tables) \(clauses)
      """, values
    ) { row in
      ClientRun(
        id: row.integer(0), uuid: row.text(1), experiment: row.integer(2),
        experimentName: row.text(3), artifactLocation: row.optionalText(4),
        name: row.optionalText(5), status: RunStatus(rawValue: row.text(6)) ?? .crashed,
        startedAt: Timestamp(milliseconds: row.integer(7)),
        endedAt: row.optionalInteger(8).map(Timestamp.init), isArchived: row.integer(9) == 1,
        user: row.text(10), note: row.optionalText(11), command: row.text(12),
        gitCommit: row.optionalText(13))
    }
    if runs.isEmpty { return [] }
    var places: [Int64: Int] = [:]
    for (place, run) in runs.enumerated() { places[run.id] = place }
    let wanted = "run_id IN (\(runs.map { String($0.id) }.joined(separator: ",")))"

    func forEach(_ sql: String, _ body: (borrowing Statement, Int) -> Void) throws {
      let statement = try connection.prepare(sql)
      while try statement.step() {
        if let place = places[statement.integer(0)] { body(statement, place) }
      }
    }
    try forEach("SELECT run_id, kind, value, written, key FROM parameter WHERE \(wanted)") {
      row, place in
      runs[place].parameters.append(
        KeyedText(
          key: row.text(4),
          value: row.optionalText(3)
            ?? ParameterValue(kind: row.text(1), stored: row.value(2)).clientText))
    }
    try forEach("SELECT run_id, key, value FROM tag WHERE \(wanted)") { row, place in
      runs[place].tags.append(KeyedText(key: row.text(1), value: row.text(2)))
    }
    try forEach(
      "SELECT run_id, key, last_step, last_value, last_at FROM metric_series WHERE \(wanted)"
    ) { row, place in
      runs[place].metrics.append(
        ClientMetric(
          key: row.text(1),
          point: MetricPoint(
            step: row.integer(2), value: row.number(3),
            time: Timestamp(milliseconds: row.integer(4)))))
    }
    var inputs: [[Int64]: Int] = [:]
    try forEach(
      """
      SELECT run_id, dataset_id, name, digest, source_type, source, schema, profile
      FROM run_input JOIN input_dataset ON input_dataset.id = dataset_id WHERE \(wanted)
      """
    ) { row, place in
      inputs[[row.integer(0), row.integer(1)]] = runs[place].inputs.count
      runs[place].inputs.append(
        ClientInput(
          name: row.text(2), digest: row.text(3), sourceType: row.text(4), source: row.text(5),
          schema: row.optionalText(6), profile: row.optionalText(7)))
    }
    try forEach(
      "SELECT run_id, dataset_id, key, value FROM run_input_tag WHERE \(wanted)"
    ) { row, place in
      guard let input = inputs[[row.integer(0), row.integer(1)]] else { return }
      runs[place].inputs[input].tags.append(KeyedText(key: row.text(2), value: row.text(3)))
    }
    try forEach(
      """
      SELECT run_id, role, step, logged_model.uuid
      FROM run_model JOIN logged_model ON logged_model.id = model_id WHERE \(wanted)
      """
    ) { row, place in
      if row.text(1) == "input" {
        runs[place].modelInputs.append(row.text(3))
      } else {
        runs[place].modelOutputs.append(.init(model: row.text(3), step: row.integer(2)))
      }
    }
    return runs
  }
}

extension Store {
  /// The data that the runs of an experiment were given, each once for each context.
  ///
  /// - Throws: ``StoreError``
  package func inputSummaries(
    experiment id: Int64
  ) throws -> [(name: String, digest: String, context: String?)] {
    try read("reading") { connection in
      try connection.rows(
        """
        SELECT DISTINCT run_inputs.name, digest, context
        FROM run_inputs JOIN run ON run.id = run_id WHERE experiment_id = ?
        ORDER BY run_inputs.name, digest, context LIMIT 1000
        """, [.integer(id)]
      ) { ($0.text(0), $0.text(1), $0.optionalText(2)) }
    }
  }
}
