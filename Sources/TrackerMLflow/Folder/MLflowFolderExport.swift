import TrackerJSON
package import TrackerStore
import TrackerSystem

/// Writes runs as MLflow's folder `mlruns` (`mlflow/store/tracking/file_store.py` of MLflow 2): a folder an experiment, in it a
/// folder a run with `meta.yaml`, `metrics`, `params`, `tags` and `artifacts`.
package struct MLflowFolderExport {
  private let store: Store
  private let folder: String
  private let options: PushOptions
  private var experiments: [String: String] = [:]
  package private(set) var report = PushReport()

  /// - Parameter folder: is made; there must be none of that name
  package init(store: Store, folder: String, options: PushOptions) throws {
    (self.store, self.folder, self.options) = (store, folder, options)
    try Folder.make(folder)
  }

  /// Writes a run.
  ///
  /// - Throws: ``StoreError``, `SystemError`
  package mutating func write(run id: Int64) throws {
    let run = try store.run(id: id)
    options.progress(run.label)
    // Runs keep their number: that of the run above stays what it is.
    let form = MLflowForm(run, try store.clientRun(run.uuid), parent: { $0 }, &report.omissions)
    if !form.inputs.isEmpty {
      report.omissions.add("records of data sets", count: form.inputs.count)
    }
    let experiment = try experiment(run.experiment)
    let number = RunID.external(run.uuid)
    let place = "\(folder)/\(experiment)/\(number)"
    for inner in ["metrics", "params", "tags", "artifacts"] { try Folder.make("\(place)/\(inner)") }
    try write("\(place)/meta.yaml", meta(form, run, experiment, number, at: place))

    var names = FileNames()
    for parameter in form.parameters {
      try write("\(place)/params/\(take(parameter.key, &names))", parameter.value)
      report.parameterCount += 1
    }
    names = FileNames()
    for tag in form.tags + [KeyedText(key: "mlflow.runName", value: form.name)] {
      try write("\(place)/tags/\(take(tag.key, &names))", tag.value)
      report.tagCount += 1
    }
    names = FileNames()
    for series in try store.pushedSeries(of: run, &report.omissions) {
      let file = try file("\(place)/metrics/\(take(series.name, &names))")
      func write(_ page: [PlacedPoint]) throws {
        for placed in page {
          let point = placed.point
          try file.write(
            "\(max(0, point.time.milliseconds)) \(point.value) \(point.step)\n")
        }
      }
      if let points = series.points {
        try write(points)
      } else {
        try store.forEachPage(run: id, metric: series.key, write)
      }
      try file.close()
      report.pointCount += series.count
    }
    try writeFiles(of: run, to: "\(place)/artifacts")
    report.runCount += 1
  }

  private mutating func writeFiles(of run: Run, to place: String) throws {
    var names = FileNames()
    if !run.gradientChecks.isEmpty {
      let name = "tracker/gradient-checks.json"
      _ = names.take(name)
      let text = options.document(run)
      try write("\(place)/\(name)", text)
      report.fileCount += 1
      report.byteCount += text.utf8.count
    }
    for artifact in try store.artifacts(run: run.id) {
      guard let name = try? Limits.safePath(artifact.name), !name.isEmpty, names.take(name) else {
        report.omissions.add("files whose names cannot be names in a folder")
        continue
      }
      let file = try file("\(place)/\(name)")
      try store.readArtifact(artifact.name, of: .run(run.id)) { try file.write($0) }
      try file.close()
      report.fileCount += 1
      report.byteCount += artifact.byteCount
    }
  }

  /// The number of an experiment, which is written when its first run is.
  private mutating func experiment(_ name: String) throws -> String {
    if let known = experiments[name] { return known }
    let isDefault = name == MLflowService.defaultName
    // MLflow's numbers have 18 digits; the same name has the same number each time.
    let hash = Array(name.utf8).withUnsafeBytes(Digest.sha256).prefix(8)
    let number =
      isDefault
      ? "0"
      : "\(hash.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % 900_000_000_000_000_000 + 100_000_000_000_000_000)"
    let place = "\(folder)/\(number)"
    try Folder.make(place)
    try write(
      "\(place)/meta.yaml",
      Self.yaml([
        ("artifact_location", .text(address(place))), ("experiment_id", .text(number)),
        ("lifecycle_stage", .text("active")), ("name", .text(isDefault ? "Default" : name)),
      ]))
    experiments[name] = number
    return number
  }

  private func meta(
    _ form: MLflowForm, _ run: Run, _ experiment: String, _ number: String, at place: String
  ) -> String {
    let statuses = ["RUNNING": 1, "FINISHED": 3, "FAILED": 4, "KILLED": 5]
    return Self.yaml([
      ("artifact_uri", .text("\(address(place))/artifacts")),
      ("end_time", form.endTime.map { .number($0) } ?? .none),
      ("entry_point_name", .text("")), ("experiment_id", .text(experiment)),
      ("lifecycle_stage", .text(run.archivedAt == nil ? "active" : "deleted")),
      ("run_id", .text(number)), ("run_name", .text(form.name)), ("run_uuid", .text(number)),
      ("source_name", .text("")), ("source_type", .number(4)), ("source_version", .text("")),
      ("start_time", .number(run.startedAt.milliseconds)),
      ("status", .number(Int64(statuses[form.status] ?? 3))), ("tags", .list),
      ("user_id", .text(run.environment.user)),
    ])
  }

  private func address(_ place: String) -> String {
    "file://\(Percent.encode(place, keeping: "/"))"
  }

  private enum Scalar {
    case text(String)
    case number(Int64)
    case list
    case none
  }

  /// Lines of a mapping. A text is written as JSON writes it, which YAML 1.2 reads the same way.
  private static func yaml(_ members: [(String, Scalar)]) -> String {
    members.map { key, value in
      let text =
        switch value {
        case .text(let text): JSONValue.string(text).compact
        case .number(let number): "\(number)"
        case .list: "[]"
        case .none: "null"
        }
      return "\(key): \(text)\n"
    }.joined()
  }

  /// A key as a name of a file beside others: one that is a folder of another has another name.
  private mutating func take(_ key: String, _ names: inout FileNames) -> String {
    if names.take(key) { return key }
    report.omissions.add("keys that cannot be names of files: they have another name there")
    let name = MLflowName.renamed(key.replacing("/", with: "_"), of: key)
    _ = names.take(name)
    return name
  }

  private func file(_ path: String) throws -> OutputFile {
    try Folder.make(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
    return try OutputFile(creating: path)
  }

  private func write(_ path: String, _ text: String) throws {
    let file = try file(path)
    try file.write(text)
    try file.close()
  }
}
