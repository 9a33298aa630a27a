import TrackerSQLite

extension Store {
  /// The experiment of this number.
  ///
  /// - Throws: ``ClientRefusal/noExperiment(_:)``; ``StoreError``
  package func experiment(id: Int64) throws -> ExperimentRecord {
    try read("reading") { try ExperimentRows.experiment(id, on: $0) }
  }

  /// The experiment of this name, or `nil`.
  ///
  /// - Throws: ``StoreError``
  package func experiment(named name: String) throws -> ExperimentRecord? {
    try read("reading") { connection in
      try ExperimentRows.all("WHERE name = ?", [.text(name)], on: connection).first
    }
  }

  /// The experiments that a condition is true of.
  ///
  /// - Parameters:
  ///   - deleted: those that were deleted, those that were not; `nil` for all
  ///   - offset: so many of the first are left out
  /// - Throws: ``StoreError``; ``FilterSyntaxError``
  package func experiments(
    where condition: FilterExpression?, order: [FilterSortKey], deleted: Bool?, limit: Int,
    offset: Int
  ) throws -> [ExperimentRecord] {
    try read("reading") { connection in
      var compiler = FilterCompiler()
      var conditions: [String] = []
      if let condition { conditions.append(try compiler.sql(condition)) }
      if let deleted { conditions.append("deleted_at IS \(deleted ? "NOT " : "")NULL") }
      let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
      let order = try compiler.order(order)
      return try ExperimentRows.all(
        "\(filter) ORDER BY \(order) LIMIT \(limit) OFFSET \(offset)", compiler.values,
        on: connection)
    }
  }

  /// Makes an experiment.
  ///
  /// - Parameter location: where clients put artifacts, by the experiment's number; `nil` for this store
  /// - Returns: its number
  /// - Throws: ``ClientRefusal/experimentExists(_:)``; ``StoreError``
  package func createExperiment(
    _ name: String, tags: [KeyedText] = [], at time: Timestamp = .now(),
    artifactLocation location: (Int64) -> String? = { _ in nil }
  ) throws -> Int64 {
    try write("making an experiment in") { connection in
      try connection.transaction {
        try connection.run(
          """
          INSERT INTO experiment (name, created_at, updated_at) VALUES (?1, ?2, ?2)
          ON CONFLICT DO NOTHING
          """, [.text(name), .integer(time.milliseconds)])
        guard connection.changeCount == 1 else { throw ClientRefusal.experimentExists(name) }
        let id = connection.lastInsertedRowID
        if let location = location(id) {
          try connection.run(
            "UPDATE experiment SET artifact_location = ? WHERE id = ?",
            [.text(location), .integer(id)])
        }
        for tag in tags {
          try TagTable.experiments.set(tag.key, to: tag.value, of: id, at: time, on: connection)
        }
        return id
      }
    }
  }

  /// Gives an experiment another name.
  ///
  /// - Throws: ``ClientRefusal``; ``StoreError``
  package func renameExperiment(
    _ id: Int64, to name: String, at time: Timestamp = .now()
  ) throws {
    try editExperiment(id, mustBeDeleted: false) { connection in
      let other = try connection.row("SELECT id FROM experiment WHERE name = ?", [.text(name)]) {
        $0.integer(0)
      }
      guard other == nil || other == id else { throw ClientRefusal.experimentExists(name) }
      try ExperimentRows.rename(id, to: name, at: time, on: connection)
    }
  }

  /// Deletes an experiment, which puts its runs aside, or brings both back. Nothing of them is lost.
  ///
  /// - Throws: ``ClientRefusal``; ``StoreError``
  package func setExperiment(
    _ id: Int64, deleted: Bool, at time: Timestamp = .now()
  ) throws {
    try editExperiment(id, mustBeDeleted: !deleted) { connection in
      let moment = SQLiteValue.integer(time.milliseconds)
      try connection.run(
        "UPDATE experiment SET deleted_at = ?, updated_at = ? WHERE id = ?",
        [deleted ? moment : .null, moment, .integer(id)])
      try connection.run(
        deleted
          ? """
          UPDATE run SET archived_at = ?1, filed_at = ?1 WHERE experiment_id = ?2 AND archived_at IS NULL
          """
          : """
          UPDATE run SET archived_at = NULL, filed_at = ?1
          WHERE experiment_id = ?2 AND archived_at IS NOT NULL
          """,
        [moment, .integer(id)])
    }
  }

  /// Sets a tag of an experiment.
  ///
  /// - Throws: ``ClientRefusal``; ``StoreError``
  package func setTag(
    _ tag: KeyedText, ofExperiment id: Int64, at now: Timestamp = .now()
  ) throws {
    try editExperiment(id, mustBeDeleted: false) { connection in
      try TagTable.experiments.set(tag.key, to: tag.value, of: id, at: now, on: connection)
    }
  }

  /// Takes a tag off an experiment.
  ///
  /// - Throws: ``ClientRefusal``; ``StoreError``
  package func removeTag(
    _ key: String, ofExperiment id: Int64, at now: Timestamp = .now()
  ) throws {
    try editExperiment(id, mustBeDeleted: false) { connection in
      guard try TagTable.experiments.remove(key, of: id, at: now, on: connection) else {
        throw ClientRefusal.noExperimentTag(key, experiment: id)
      }
    }
  }

  private func editExperiment(
    _ id: Int64, mustBeDeleted: Bool, _ body: (Connection) throws -> Void
  ) throws {
    try write("changing an experiment in") { connection in
      try connection.transaction {
        let isDeleted = try connection.row(
          "SELECT deleted_at IS NOT NULL FROM experiment WHERE id = ?", [.integer(id)]
        ) { $0.integer(0) == 1 }
        guard let isDeleted else { throw ClientRefusal.noExperiment(id) }
        if isDeleted, !mustBeDeleted { throw ClientRefusal.experimentDeleted(id) }
        if !isDeleted, mustBeDeleted { throw ClientRefusal.experimentNotDeleted(id) }
        try body(connection)
      }
    }
  }
}

/// Experiments' rows.
enum ExperimentRows {
  static func experiment(_ id: Int64, on connection: Connection) throws -> ExperimentRecord {
    guard let found = try all("WHERE id = ?", [.integer(id)], on: connection).first else {
      throw ClientRefusal.noExperiment(id)
    }
    return found
  }

  /// - Throws: ``ClientRefusal`` where there is none, or it was deleted
  static func requireActive(_ id: Int64, on connection: Connection) throws {
    if try experiment(id, on: connection).isDeleted { throw ClientRefusal.experimentDeleted(id) }
  }

  static func all(
    _ clauses: String, _ values: [SQLiteValue], on connection: Connection
  ) throws -> [ExperimentRecord] {
    var experiments = try connection.rows(
      """
      SELECT id, name, artifact_location, created_at, updated_at, deleted_at IS NOT NULL
      FROM experiment \(clauses)
      """, values
    ) { row in
      ExperimentRecord(
        id: row.integer(0), name: row.text(1), artifactLocation: row.optionalText(2),
        createdAt: row.optionalInteger(3).map(Timestamp.init),
        updatedAt: row.optionalInteger(4).map(Timestamp.init), isDeleted: row.integer(5) == 1,
        tags: [])
    }
    for place in experiments.indices {
      experiments[place].tags = try connection.rows(
        "SELECT key, value FROM experiment_tag WHERE experiment_id = ? ORDER BY key",
        [.integer(experiments[place].id)]
      ) { KeyedText(key: $0.text(0), value: $0.text(1)) }
    }
    return experiments
  }

  /// Makes an experiment unless there is one of this name. It has no time of its own but that of its first run.
  static func make(_ name: String, at time: Timestamp, on connection: Connection) throws {
    try connection.run(
      "INSERT INTO experiment (name, updated_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
      [.text(name), .integer(time.milliseconds)])
  }

  /// Gives an experiment a name that no other has, and keeps in mind what it was called.
  static func rename(
    _ id: Int64, to name: String, at time: Timestamp, on connection: Connection
  ) throws {
    let moment = SQLiteValue.integer(time.milliseconds)
    try forget("AND name <> ?3", id, became: .text(name), at: moment, on: connection)
    try connection.run(
      "UPDATE experiment SET name = ?, updated_at = ? WHERE id = ?",
      [.text(name), moment, .integer(id)])
    try connection.run("DELETE FROM removed_experiment WHERE name = ?", [.text(name)])
  }

  /// Deletes an experiment that holds no runs, and keeps in mind that it was.
  static func remove(_ id: Int64, at time: Timestamp, on connection: Connection) throws {
    try forget("", id, became: .null, at: .integer(time.milliseconds), on: connection)
    try connection.run("DELETE FROM experiment WHERE id = ?", [.integer(id)])
  }

  private static func forget(
    _ condition: String, _ id: Int64, became: SQLiteValue, at moment: SQLiteValue,
    on connection: Connection
  ) throws {
    try connection.run(
      """
      INSERT INTO removed_experiment (name, became, removed_at)
      SELECT name, ?3, ?2 FROM experiment WHERE id = ?1 \(condition)
      ON CONFLICT (name) DO UPDATE SET became = excluded.became, removed_at = excluded.removed_at
      """, [.integer(id), moment, became])
  }

}
