import TrackerSQLite
import TrackerStore
import TrackerSystem

/// The SQLite file of an MLflow server, of MLflow 2 or 3: columns are looked for by name, since they differ by version.
struct MLflowDatabase {
  private let database: ForeignDatabase
  private let path: String

  init(path: String) throws {
    self.path = path
    database = try ForeignDatabase(path)
  }

  func runs(_ omissions: inout Omissions, _ body: (ForeignRun) throws -> Void) throws {
    let columns = database.columns("runs")
    let names = [
      "run_uuid", "name", "status", "start_time", "end_time", "user_id", "lifecycle_stage",
      "artifact_uri", "source_name", "source_version",
    ].map { database.expression($0, of: "runs", in: columns) }
    let runs = try database.rows(
      """
      SELECT experiments.name, \(names.joined(separator: ", ")), experiments.lifecycle_stage
      FROM runs LEFT JOIN experiments USING (experiment_id) ORDER BY runs.start_time, runs.run_uuid
      """
    ) { row in
      var run = ForeignRun(identity: "mlflow:\(row.text(1))")
      run.experiment = row.optionalText(0) ?? run.experiment
      run.name = row.optionalText(2).flatMap { $0.isEmpty ? nil : $0 }
      run.status = MLflow.status(row.optionalText(3) ?? "FINISHED")
      run.startedAt = row.optionalInteger(4).flatMap(ForeignValue.time(milliseconds:))
      run.endedAt = row.optionalInteger(5).flatMap(ForeignValue.time(milliseconds:))
      run.user = row.optionalText(6) ?? ""
      run.isArchived = row.optionalText(7) == "deleted" || row.optionalText(11) == "deleted"
      run.command = row.optionalText(9) ?? ""
      run.gitCommit = row.optionalText(10).flatMap { $0.isEmpty ? nil : $0 }
      return (run: run, id: row.text(1), artifacts: row.optionalText(8))
    }
    let hasMark = database.columns("metrics").contains("is_nan")
    for (var run, id, artifacts) in runs {
      let pairs = { (table: String) in
        try database.rows("SELECT key, value FROM \(table) WHERE run_uuid = ?", [.text(id)]) {
          ($0.text(0), $0.text(1))
        }
      }
      for (key, value) in try pairs("params") { run.parameters[key] = ParameterValue(typed: value) }
      MLflow.take(tags: Dictionary(try pairs("tags")) { $1 }, into: &run)
      run.metrics = try points(of: id, hasMark: hasMark)
      run.inputs = try inputs(of: id)
      try takeArtifacts(artifacts, into: &run, &omissions)
      try body(run)
    }
    if !database.columns("trace_info").isEmpty {
      let count = try database.rows("SELECT count(*) FROM trace_info") { Int($0.integer(0)) }[0]
      if count > 0 { omissions.add("traces, which have no place here", count: count) }
    }
  }

  /// The data sets of a run, and what is said of them there; MLflow before 2.4 has none.
  private func inputs(of id: String) throws -> [ClientInput] {
    let tables = ["inputs", "datasets", "input_tags"]
    guard tables.allSatisfy({ !database.columns($0).isEmpty }) else { return [] }
    return try database.rows(
      """
      SELECT name, digest, dataset_source_type, dataset_source, dataset_schema, dataset_profile, input_uuid
      FROM inputs JOIN datasets ON dataset_uuid = source_id
      WHERE source_type = 'DATASET' AND destination_type = 'RUN' AND destination_id = ?
      ORDER BY name, digest
      """, [.text(id)]
    ) { row in
      ClientInput(
        name: row.text(0), digest: row.text(1), sourceType: row.text(2), source: row.text(3),
        schema: row.optionalText(4), profile: row.optionalText(5),
        tags: try database.rows(
          "SELECT name, value FROM input_tags WHERE input_uuid = ? ORDER BY name",
          [.text(row.text(6))]
        ) { KeyedText(key: $0.text(0), value: $0.text(1)) })
    }
  }

  /// NaN is kept as 0 with a mark, and ±∞ as the greatest numbers.
  private func points(of id: String, hasMark: Bool) throws -> [String: [MetricPoint]] {
    var metrics: [String: [MetricPoint]] = [:]
    _ = try database.rows(
      """
      SELECT key, value, timestamp, step, \(hasMark ? "is_nan" : "0") FROM metrics
      WHERE run_uuid = ? ORDER BY key, step, timestamp, value
      """, [.text(id)]
    ) { row in
      let stored = row.real(1)
      let value: Double =
        row.integer(4) != 0 || row.isNull(1)
        ? .nan
        : stored.magnitude == .greatestFiniteMagnitude
          ? (stored < 0 ? -.infinity : .infinity) : stored
      let time = ForeignValue.time(milliseconds: row.integer(2)) ?? Timestamp(milliseconds: 0)
      metrics[row.text(0), default: []].append(
        MetricPoint(step: row.integer(3), value: value, time: time))
    }
    return metrics
  }

  private func takeArtifacts(
    _ address: String?, into run: inout ForeignRun, _ omissions: inout Omissions
  ) throws {
    guard let address else { return }
    let places = MLflow.artifactFolders(address, below: SourceFile.parent(of: path))
    if let place = places.first(where: isFolder) {
      run.artifacts = SourceFile.artifacts(below: place)
    } else if address.contains("://"), !address.hasPrefix("file:") {
      omissions.add("artifacts that are kept elsewhere (such as \(address))")
    }
  }
}
