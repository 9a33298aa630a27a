import TrackerSQLite

/// A run that a client starts.
package struct ClientRunStart: Sendable {
  package var experiment: Int64
  package var name: String
  package var user: String
  package var startedAt: Timestamp
  package var tags: [KeyedText]
  package var columns: [ClientColumn: String]
  /// The client's name and version.
  package var program: String
  /// Where it calls from.
  package var host: String

  package init(
    experiment: Int64, name: String, user: String, startedAt: Timestamp, tags: [KeyedText] = [],
    columns: [ClientColumn: String] = [:], program: String, host: String
  ) {
    self.experiment = experiment
    self.name = name
    self.user = user
    self.startedAt = startedAt
    self.tags = tags
    self.columns = columns
    self.program = program
    self.host = host
  }
}

extension Store {
  /// Starts a run for a client: its process is elsewhere, and it goes on until the client says otherwise.
  ///
  /// - Returns: its UUID
  /// - Throws: ``ClientRefusal`` where there is no such experiment or it was deleted; ``StoreError``
  package func startClientRun(
    _ start: ClientRunStart, at now: Timestamp = .now()
  ) throws -> String {
    try write("starting a run in") { connection in
      try connection.transaction {
        try ExperimentRows.requireActive(start.experiment, on: connection)
        let uuid = randomUUID()
        try connection.run(
          """
          INSERT INTO run (
            uuid, experiment_id, name, status, started_at, program, host, user, pid, command, heard_at)
          VALUES (?, ?, ?, 'running', ?, ?, ?, ?, 0, '', ?)
          """,
          [
            .text(uuid), .integer(start.experiment), .text(start.name),
            .integer(start.startedAt.milliseconds), .text(start.program), .text(start.host),
            .text(start.user), .integer(now.milliseconds),
          ])
        let id = connection.lastInsertedRowID
        for tag in start.tags { try ClientRunRows.set(tag, of: id, at: now, on: connection) }
        for (column, text) in start.columns {
          try ClientRunRows.set(column, to: text, of: id, at: now, on: connection)
        }
        return uuid
      }
    }
  }

  /// Gives a run another status, end or name; what is `nil` stays.
  ///
  /// - Throws: ``ClientRefusal``; ``StoreError``
  package func updateClientRun(
    _ uuid: String, status: RunStatus?, endedAt: Timestamp?, name: String?,
    at now: Timestamp = .now()
  ) throws {
    try editClientRun(uuid) { connection, id in
      if let status {
        try connection.run(
          """
          UPDATE run SET status = ?1, heard_at = CASE WHEN heard_at IS NULL THEN NULL ELSE ?3 END,
            ended_at = CASE ?1 WHEN 'running' THEN NULL ELSE max(coalesce(?2, ended_at, ?3), started_at) END,
            error = CASE ?1 WHEN status THEN error END
          WHERE id = ?4
          """,
          [
            .text(status.rawValue), .integer(endedAt?.milliseconds), .integer(now.milliseconds),
            .integer(id),
          ])
      } else if let endedAt {
        try connection.run(
          "UPDATE run SET ended_at = max(?, started_at) WHERE id = ? AND status <> 'running'",
          [.integer(endedAt.milliseconds), .integer(id)])
      }
      if let name { try ClientRunRows.set(.name, to: name, of: id, at: now, on: connection) }
    }
  }

  /// Takes a tag off a run, or empties the column that a client knows as one.
  ///
  /// - Throws: ``ClientRefusal``; ``StoreError``
  package func removeTag(
    _ key: String, column: ClientColumn?, ofRun uuid: String, at now: Timestamp = .now()
  ) throws {
    try editClientRun(uuid) { connection, id in
      if try TagTable.runs.remove(key, of: id, at: now, on: connection) { return }
      let isSet = try column.flatMap { column in
        try connection.row(
          "SELECT 1 FROM run WHERE id = ? AND \(column.rawValue) <> ''", [.integer(id)]
        ) { _ in true }
      }
      guard let column, isSet == true else { throw ClientRefusal.noTag(key, run: uuid) }
      try ClientRunRows.set(column, to: nil, of: id, at: now, on: connection)
    }
  }

  /// Adds to a tag of a run: `change` sees its text, or `nil`, and says the new one.
  ///
  /// - Throws: ``ClientRefusal``; ``StoreError``; what `change` throws
  package func changeTag(
    _ key: String, ofRun uuid: String, _ change: (String?) throws -> String
  ) throws {
    try editClientRun(uuid) { connection, id in
      let old = try connection.row(
        "SELECT value FROM tag WHERE run_id = ? AND key = ?", [.integer(id), .text(key)]
      ) { $0.text(0) }
      try ClientRunRows.set(
        KeyedText(key: key, value: change(old)), of: id, at: .now(), on: connection)
    }
  }

  /// Puts a run aside or brings it back, as ``archive(runs:at:)`` does.
  ///
  /// - Throws: ``ClientRefusal``; ``StoreError``
  package func setClientRun(_ uuid: String, archived: Bool) throws {
    let id = try read("reading") {
      try $0.row("SELECT id FROM run WHERE uuid = ?", [.text(uuid)]) { $0.integer(0) }
    }
    guard let id else { throw ClientRefusal.noRun(uuid) }
    if archived { try archive(runs: [id]) } else { try restore(runs: [id]) }
  }

  /// Adds what a run was given: data, and models.
  ///
  /// - Throws: ``ClientRefusal``; ``StoreError``
  package func addInputs(
    _ inputs: [ClientInput], models: [String], toRun uuid: String
  ) throws {
    try editClientRun(uuid) { connection, id in
      for input in inputs { try InputRows.add(input, to: id, on: connection) }
      for model in models {
        try ModelRows.link(model, to: id, role: "input", step: 0, on: connection)
      }
    }
  }

  /// Adds the models that a run made.
  ///
  /// - Throws: ``ClientRefusal``; ``StoreError``
  package func addOutputs(_ models: [ClientRun.ModelOutput], toRun uuid: String) throws {
    try editClientRun(uuid) { connection, id in
      for output in models {
        try ModelRows.link(output.model, to: id, role: "output", step: output.step, on: connection)
      }
    }
  }

  /// Marks the runs of clients as crashed that were not heard of for a while: they end when they were heard of last.
  ///
  /// - Throws: ``StoreError``
  package func markLostRuns(
    silentForMilliseconds silence: Int64, at now: Timestamp = .now()
  ) throws {
    let condition = "status = 'running' AND heard_at < \(now.milliseconds - silence)"
    let isLost = try read("reading") {
      try $0.row("SELECT 1 FROM run WHERE \(condition) LIMIT 1") { _ in true } ?? false
    }
    guard isLost else { return }
    try write("marking lost runs in") { connection in
      try connection.run(
        """
        UPDATE run SET status = 'crashed', ended_at = max(started_at, heard_at) WHERE \(condition)
        """)
    }
  }

  private func editClientRun(
    _ uuid: String, _ body: (Connection, Int64) throws -> Void
  ) throws {
    try write("changing a run in") { connection in
      try connection.transaction {
        try body(connection, ClientRunRows.activeID(uuid, on: connection))
      }
    }
  }
}

/// Rows of the data that runs were given.
enum InputRows {
  static func add(_ input: ClientInput, to run: Int64, on connection: Connection) throws {
    try connection.run(
      """
      INSERT INTO input_dataset (experiment_id, name, digest, source_type, source, schema, profile)
      SELECT experiment_id, ?2, ?3, ?4, ?5, ?6, ?7 FROM run WHERE id = ?1 ON CONFLICT DO NOTHING
      """,
      [
        .integer(run), .text(input.name), .text(input.digest), .text(input.sourceType),
        .text(input.source), .text(input.schema), .text(input.profile),
      ])
    let dataset = try connection.row(
      """
      SELECT id FROM input_dataset
      WHERE experiment_id = (SELECT experiment_id FROM run WHERE id = ?) AND name = ? AND digest = ?
      """, [.integer(run), .text(input.name), .text(input.digest)]
    ) { $0.integer(0) }
    guard let dataset else { return }
    try connection.run(
      "INSERT INTO run_input (run_id, dataset_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
      [.integer(run), .integer(dataset)])
    for tag in input.tags {
      try connection.run(
        """
        INSERT INTO run_input_tag (run_id, dataset_id, key, value) VALUES (?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """, [.integer(run), .integer(dataset), .text(tag.key), .text(tag.value)])
    }
  }
}
