import TrackerSQLite

/// Which points of models are meant: those on some data.
package struct ModelDataset: Hashable, Sendable {
  package var name: String
  package var digest: String?

  package init(name: String, digest: String?) {
    self.name = name
    self.digest = digest
  }
}

extension Store {
  /// Records a model that a client is about to store.
  ///
  /// - Returns: its UUID
  /// - Throws: ``ClientRefusal`` where there is no such experiment or it was deleted; ``StoreError``
  package func createModel(
    experiment: Int64, name: String, type: String, sourceRun: String, parameters: [KeyedText],
    tags: [KeyedText], at now: Timestamp = .now()
  ) throws -> String {
    try write("recording a model in") { connection in
      try connection.transaction {
        try ExperimentRows.requireActive(experiment, on: connection)
        let uuid = "m-" + randomUUID().filter { $0 != "-" }
        try connection.run(
          """
          INSERT INTO logged_model (
            uuid, experiment_id, name, model_type, source_run, status, created_at, updated_at)
          VALUES (?1, ?2, ?3, ?4, ?5, 'pending', ?6, ?6)
          """,
          [
            .text(uuid), .integer(experiment), .text(name), .text(type), .text(sourceRun),
            .integer(now.milliseconds),
          ])
        let id = connection.lastInsertedRowID
        try ModelRows.set(parameters: parameters, tags: tags, of: id, at: now, on: connection)
        return uuid
      }
    }
  }

  /// A model by its UUID.
  ///
  /// - Throws: ``ClientRefusal/noModel(_:)`` where there is none, or it was deleted; ``StoreError``
  package func model(_ uuid: String) throws -> ModelRecord {
    try read("reading") { connection in
      let found = try ModelReader(connection: connection).models(
        "WHERE logged_model.uuid = ? AND logged_model.deleted_at IS NULL", [.text(uuid)])
      guard let model = found.first else { throw ClientRefusal.noModel(uuid) }
      return model
    }
  }

  /// The models of some experiments that a condition is true of, the newest first where the order does not tell.
  ///
  /// - Parameters:
  ///   - datasets: those that have points on one of these; none for all
  ///   - offset: so many of the first are left out
  /// - Throws: ``StoreError``; ``FilterSyntaxError``
  package func models(
    experiments: [Int64], where condition: FilterExpression?, datasets: [ModelDataset],
    order: [FilterSortKey], limit: Int, offset: Int
  ) throws -> [ModelRecord] {
    try read("reading") { connection in
      var compiler = FilterCompiler()
      var conditions = [
        "logged_model.deleted_at IS NULL",
        "logged_model.experiment_id IN (\(experiments.map(String.init).joined(separator: ",")))",
      ]
      if let condition { conditions.append(try compiler.sql(condition)) }
      var values = compiler.values
      if !datasets.isEmpty {
        let (sql, names) = ModelRows.condition(on: datasets)
        conditions.append(
          "logged_model.id IN (SELECT model_id FROM logged_model_metric WHERE \(sql))")
        values += names
      }
      var orderCompiler = FilterCompiler()
      let order = try order.isEmpty ? "" : orderCompiler.order(order) + ", "
      return try ModelReader(connection: connection).models(
        """
        WHERE \(conditions.joined(separator: " AND "))
        ORDER BY \(order)logged_model.created_at DESC, logged_model.id DESC LIMIT \(limit) OFFSET \(offset)
        """, values + orderCompiler.values)
    }
  }

  /// Says what has become of a model.
  ///
  /// - Throws: ``ClientRefusal/noModel(_:)``; ``StoreError``
  package func setModel(
    _ uuid: String, status: ModelRecord.Status, at now: Timestamp = .now()
  ) throws {
    try editModel(uuid) { connection, id in
      try connection.run(
        "UPDATE logged_model SET status = ?, updated_at = ? WHERE id = ?",
        [.text(status.rawValue), .integer(now.milliseconds), .integer(id)])
    }
  }

  /// Deletes a model: it is found no more.
  ///
  /// - Throws: ``ClientRefusal/noModel(_:)``; ``StoreError``
  package func deleteModel(_ uuid: String, at now: Timestamp = .now()) throws {
    try editModel(uuid) { connection, id in
      try connection.run(
        "UPDATE logged_model SET deleted_at = ?1, updated_at = ?1 WHERE id = ?2",
        [.integer(now.milliseconds), .integer(id)])
    }
  }

  /// Sets parameters and tags of a model.
  ///
  /// - Throws: ``ClientRefusal/noModel(_:)``; ``StoreError``
  package func edit(
    model uuid: String, parameters: [KeyedText] = [], tags: [KeyedText] = [],
    at now: Timestamp = .now()
  ) throws {
    try editModel(uuid) { connection, id in
      try ModelRows.set(parameters: parameters, tags: tags, of: id, at: now, on: connection)
    }
  }

  /// Takes a tag off a model.
  ///
  /// - Throws: ``ClientRefusal``; ``StoreError``
  package func removeTag(
    _ key: String, ofModel uuid: String, at now: Timestamp = .now()
  ) throws {
    try editModel(uuid) { connection, id in
      guard try TagTable.models.remove(key, of: id, at: now, on: connection) else {
        throw ClientRefusal.noModelTag(key, model: uuid)
      }
    }
  }

  private func editModel(_ uuid: String, _ body: (Connection, Int64) throws -> Void) throws {
    try write("changing a model in") { connection in
      try connection.transaction { try body(connection, ModelRows.id(uuid, on: connection)) }
    }
  }
}

/// Models' rows.
enum ModelRows {
  /// - Throws: ``ClientRefusal/noModel(_:)`` where there is none, or it was deleted
  static func id(_ uuid: String, on connection: Connection) throws -> Int64 {
    let id = try connection.row(
      "SELECT id FROM logged_model WHERE uuid = ? AND deleted_at IS NULL", [.text(uuid)]
    ) { $0.integer(0) }
    guard let id else { throw ClientRefusal.noModel(uuid) }
    return id
  }

  static func set(
    parameters: [KeyedText], tags: [KeyedText], of id: Int64, at now: Timestamp,
    on connection: Connection
  ) throws {
    for parameter in parameters {
      try connection.run(
        """
        INSERT INTO logged_model_parameter (model_id, key, value) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET value = excluded.value
        """, [.integer(id), .text(parameter.key), .text(parameter.value)])
    }
    for tag in tags {
      try TagTable.models.set(tag.key, to: tag.value, of: id, at: now, on: connection)
    }
  }

  /// Adds a point of a run that is about a model, once.
  static func add(_ metric: ClientMetric, run: Int64, on connection: Connection) throws {
    guard let uuid = metric.model else { return }
    try connection.run(
      """
      INSERT INTO logged_model_metric (
        model_id, run_id, key, step, time, value, dataset_name, dataset_digest)
      SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS (
        SELECT 1 FROM logged_model_metric
        WHERE model_id = ?1 AND run_id = ?2 AND key = ?3 AND step = ?4 AND time = ?5 AND value IS ?6
        AND dataset_name IS ?7 AND dataset_digest IS ?8)
      """,
      [
        .integer(id(uuid, on: connection)), .integer(run), .text(metric.key),
        .integer(metric.point.step), .integer(metric.point.time.milliseconds),
        .real(metric.point.value), .text(metric.datasetName), .text(metric.datasetDigest),
      ])
  }

  static func link(
    _ uuid: String, to run: Int64, role: String, step: Int64, on connection: Connection
  ) throws {
    try connection.run(
      """
      INSERT INTO run_model (run_id, model_id, role, step) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
      """, [.integer(run), .integer(id(uuid, on: connection)), .text(role), .integer(step)])
  }

  /// A condition on `logged_model_metric`: a point on one of these data sets.
  static func condition(on datasets: [ModelDataset]) -> (sql: String, values: [SQLiteValue]) {
    let terms = datasets.map { dataset in
      "dataset_name = ?" + (dataset.digest == nil ? "" : " AND dataset_digest = ?")
    }
    let values = datasets.flatMap { [$0.name] + ($0.digest.map { [$0] } ?? []) }
    return ("(\(terms.joined(separator: " OR ")))", values.map(SQLiteValue.text))
  }
}

/// Reads models with what belongs to them.
private struct ModelReader {
  let connection: Connection

  func models(_ clauses: String, _ values: [SQLiteValue]) throws -> [ModelRecord] {
    var models = try connection.rows(
      """
      SELECT logged_model.id, uuid, experiment_id, artifact_location, logged_model.name, model_type,
        source_run, status, logged_model.created_at, logged_model.updated_at
      FROM logged_model JOIN experiment ON experiment.id = experiment_id \(clauses)
      """, values
    ) { row in
      ModelRecord(
        id: row.integer(0), uuid: row.text(1), experiment: row.integer(2),
        artifactLocation: row.optionalText(3), name: row.text(4), type: row.text(5),
        sourceRun: row.text(6), status: ModelRecord.Status(rawValue: row.text(7)) ?? .unspecified,
        createdAt: Timestamp(milliseconds: row.integer(8)),
        updatedAt: Timestamp(milliseconds: row.integer(9)))
    }
    for place in models.indices {
      let id = SQLiteValue.integer(models[place].id)
      func texts(_ table: String) throws -> [KeyedText] {
        try connection.rows(
          "SELECT key, value FROM \(table) WHERE model_id = ? ORDER BY key", [id]
        ) { KeyedText(key: $0.text(0), value: $0.text(1)) }
      }
      models[place].parameters = try texts("logged_model_parameter")
      models[place].tags = try texts("logged_model_tag")
      let uuid = models[place].uuid
      models[place].metrics = try connection.rows(
        """
        SELECT key, value, step, time, dataset_name, dataset_digest, run.uuid
        FROM logged_model_metric AS metric JOIN run ON run.id = run_id
        WHERE model_id = ?1 AND NOT EXISTS (
          SELECT 1 FROM logged_model_metric AS later
          WHERE later.model_id = ?1 AND later.key = metric.key AND later.run_id = metric.run_id
          AND later.dataset_name IS metric.dataset_name
          AND later.dataset_digest IS metric.dataset_digest
          AND (later.time, later.step, later.id) > (metric.time, metric.step, metric.id))
        ORDER BY key, metric.id
        """, [id]
      ) { row in
        ClientMetric(
          key: row.text(0),
          point: MetricPoint(
            step: row.integer(2), value: row.number(1),
            time: Timestamp(milliseconds: row.integer(3))),
          model: uuid, datasetName: row.optionalText(4), datasetDigest: row.optionalText(5),
          run: row.text(6))
      }
    }
    return models
  }
}
