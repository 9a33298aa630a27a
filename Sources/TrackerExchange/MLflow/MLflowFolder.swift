import TrackerJSON
import TrackerStore
import TrackerSystem

/// MLflow's folder `mlruns`, which MLflow itself refuses from 3.13 on: a folder an experiment, in it a folder
/// a run with `meta.yaml` and the folders `metrics`, `params`, `tags` and `artifacts`.
struct MLflowFolder {
  private let path: String
  private static let trash = ".trash"

  init(path: String) { self.path = path }

  /// Whether a folder holds experiments, or is one.
  static func recognizes(_ path: String) -> Bool {
    isExperiment(path) || SourceFile.names(in: path).contains { isExperiment("\(path)/\($0)") }
  }

  private static func isExperiment(_ folder: String) -> Bool {
    guard SourceFile.isFile("\(folder)/meta.yaml"),
      let facts = try? YAML.read("\(folder)/meta.yaml")
    else { return false }
    return facts["experiment_id"] != nil && facts["run_id"] == nil && facts["run_uuid"] == nil
  }

  func runs(_ omissions: inout Omissions, _ body: (ForeignRun) throws -> Void) throws {
    let folders =
      Self.isExperiment(path)
      ? [path]
      : (SourceFile.names(in: path).map { "\(path)/\($0)" }
        + SourceFile.names(in: "\(path)/\(Self.trash)").map { "\(path)/\(Self.trash)/\($0)" })
        .filter(Self.isExperiment)
    for folder in folders {
      let experiment = try YAML.read("\(folder)/meta.yaml")
      let name = experiment["name"]?.plainText ?? SourceFile.name(of: folder)
      let isDeleted = experiment["lifecycle_stage"]?.plainText == "deleted"
      for inner in SourceFile.names(in: folder)
      where SourceFile.isFile("\(folder)/\(inner)/meta.yaml") && inner != "traces" {
        var run: ForeignRun
        do { run = try self.run("\(folder)/\(inner)", &omissions) } catch let error as ForeignError
        {
          omissions.add("a run that cannot be read (\(error))")
          continue
        }
        run.experiment = name
        if isDeleted { run.isArchived = true }
        try body(run)
      }
    }
  }

  private func run(_ folder: String, _ omissions: inout Omissions) throws -> ForeignRun {
    let facts = try YAML.read("\(folder)/meta.yaml")
    let id = facts["run_id"]?.plainText ?? facts["run_uuid"]?.plainText
    var run = ForeignRun(identity: "mlflow:\(id ?? SourceFile.name(of: folder))")
    run.name = facts["run_name"]?.plainText
    run.status = status(facts["status"])
    run.startedAt = ForeignValue.whole(facts["start_time"]).flatMap(
      ForeignValue.time(milliseconds:))
    run.endedAt = ForeignValue.whole(facts["end_time"]).flatMap(ForeignValue.time(milliseconds:))
    run.isArchived = facts["lifecycle_stage"]?.plainText == "deleted"
    run.user = facts["user_id"]?.plainText ?? ""
    for key in SourceFile.files(below: "\(folder)/params") {
      run.parameters[key] = ParameterValue(typed: try SourceFile.text("\(folder)/params/\(key)"))
    }
    var tags: [String: String] = [:]
    for key in SourceFile.files(below: "\(folder)/tags") {
      tags[key] = try SourceFile.text("\(folder)/tags/\(key)")
    }
    MLflow.take(tags: tags, into: &run)
    for key in SourceFile.files(below: "\(folder)/metrics") {
      run.metrics[key] = try points("\(folder)/metrics/\(key)", &omissions)
    }
    run.artifacts = SourceFile.artifacts(below: "\(folder)/artifacts")
    if run.artifacts.isEmpty, let address = facts["artifact_uri"]?.plainText,
      address.contains("://"), !address.hasPrefix("file:")
    {
      omissions.add("artifacts that are kept elsewhere (such as \(address))")
    }
    for input in SourceFile.names(in: "\(folder)/inputs") {
      do { run.inputs.append(try self.input("\(folder)/inputs/\(input)")) } catch let error
        as ForeignError
      { omissions.add("a record of a data set that cannot be read (\(error))") }
    }
    return run
  }

  /// A data set that a run was given: the run's folder holds its tags, that of the experiment describes it.
  private func input(_ folder: String) throws -> ClientInput {
    let link = try YAML.read("\(folder)/meta.yaml")
    let experiment = SourceFile.parent(of: SourceFile.parent(of: SourceFile.parent(of: folder)))
    // A name, and no way to another folder.
    let id = SourceFile.name(of: link["source_id"]?.plainText ?? "")
    let facts = try YAML.read("\(experiment)/datasets/\(id)/meta.yaml")
    func text(_ key: String) -> String { facts[key]?.plainText ?? "" }
    var tags: [KeyedText] = []
    if case .object(let members)? = link["tags"] {
      tags = members.map { KeyedText(key: $0.key, value: $0.value.plainText ?? "") }
    }
    return ClientInput(
      name: text("name"), digest: text("digest"), sourceType: text("source_type"),
      source: text("source"), schema: facts["schema"]?.plainText,
      profile: facts["profile"]?.plainText, tags: tags)
  }

  /// `1` to `5` in the files of most versions, a word in some.
  private func status(_ value: JSONValue?) -> RunStatus {
    if let number = ForeignValue.whole(value) {
      return MLflow.status(
        [1: "RUNNING", 2: "SCHEDULED", 4: "FAILED", 5: "KILLED"][number] ?? "FINISHED")
    }
    return MLflow.status(value?.plainText ?? "FINISHED")
  }

  /// Lines `timestamp value step`, after which a data set's name and digest may follow.
  private func points(_ path: String, _ omissions: inout Omissions) throws -> [MetricPoint] {
    var points: [MetricPoint] = []
    var unreadable = 0
    try SourceFile.lines(path, takesUnended: false) { line, _ in
      let words = line.split(separator: UInt8(ascii: " ")).map {
        String(decoding: $0, as: UTF8.self)
      }
      if words.isEmpty { return }
      guard words.count >= 2, let milliseconds = Int64(words[0]),
        let time = ForeignValue.time(milliseconds: milliseconds),
        let value = ForeignValue.number(words[1]),
        let step = words.count > 2 ? Int64(words[2]) : 0
      else {
        unreadable += 1
        return
      }
      points.append(MetricPoint(step: step, value: value, time: time))
    }
    if unreadable > 0 {
      omissions.add("lines of metrics that are cut off or no numbers", count: unreadable)
    }
    return points
  }
}

extension JSONValue {
  /// A scalar as a text; `nil` for null and for what is not a scalar.
  var plainText: String? {
    switch self {
    case .string(let text): text
    case .integer(let value): String(value)
    case .number(let value): String(value)
    case .boolean(let value): String(value)
    case .null, .array, .object: nil
    }
  }
}
