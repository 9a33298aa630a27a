import TrackerJSON
import TrackerStore
import TrackerSystem

/// The folders of Sacred's `FileStorageObserver`: a folder a run with `run.json`, `config.json`, `metrics.json`
/// and what the run kept.
struct SacredSource: ForeignSource {
  static let format = ForeignFormat.sacred
  private let path: String

  init(path: String, options: ForeignOptions) { self.path = path }

  private static func isRun(_ folder: String) -> Bool {
    SourceFile.isFile("\(folder)/run.json") && SourceFile.isFile("\(folder)/config.json")
  }

  static func recognizes(_ path: String) -> Bool {
    isFolder(path)
      && (isRun(path) || SourceFile.names(in: path).contains { isRun("\(path)/\($0)") })
  }

  func runs(_ omissions: inout Omissions, _ body: (ForeignRun) throws -> Void) throws {
    let folders =
      Self.isRun(path)
      ? [path] : SourceFile.names(in: path).map { "\(path)/\($0)" }.filter(Self.isRun)
    // 10 comes after 9.
    let ordered = folders.sorted {
      (Int(SourceFile.name(of: $0)) ?? .max, $0) < (Int(SourceFile.name(of: $1)) ?? .max, $1)
    }
    for folder in ordered {
      do { try body(try run(folder, &omissions)) } catch let error as ForeignError {
        omissions.add("a run that cannot be read (\(error))")
      }
    }
  }

  private func json(_ path: String) throws -> JSONValue {
    do { return try JSONValue(parsing: try SourceFile.bytes(path)) } catch let error
      as JSONSyntaxError
    {
      throw ForeignError.malformed("reading \(path): \(error)")
    }
  }

  private func run(_ folder: String, _ omissions: inout Omissions) throws -> ForeignRun {
    let facts = try json("\(folder)/run.json")
    let start = facts["start_time"]?.plainText
    let name = facts["experiment"]?["name"]?.plainText
    var run = ForeignRun(
      identity: "sacred:\(name ?? ""):\(SourceFile.name(of: folder)):\(start ?? "")")
    if let name { run.experiment = name }
    run.name = SourceFile.name(of: folder)
    run.startedAt = start.flatMap { ForeignValue.time($0) }
    run.endedAt = (facts["stop_time"]?.plainText ?? facts["heartbeat"]?.plainText).flatMap {
      ForeignValue.time($0)
    }
    run.status = status(facts["status"]?.plainText ?? "")
    if case .array(let lines)? = facts["fail_trace"] {
      run.error = lines.compactMap(\.plainText).joined()
    }
    run.host = facts["host"]?["hostname"]?.plainText ?? ""
    run.command = facts["command"]?.plainText ?? ""
    run.note = facts["meta"]?["comment"]?.plainText.flatMap { $0.isEmpty ? nil : $0 }
    if let result = facts["result"]?.plainText { run.tags["result"] = result }
    for (key, value) in ForeignValue.parameters(try json("\(folder)/config.json")) {
      run.parameters[key] = value
    }
    if SourceFile.isFile("\(folder)/metrics.json"),
      case .object(let series) = try json("\(folder)/metrics.json")
    {
      for member in series { takeSeries(member.key, member.value, into: &run, &omissions) }
    }
    let own: Set = ["run.json", "config.json", "metrics.json"]
    run.artifacts = SourceFile.artifacts(below: folder).filter { !own.contains($0.name) }
    return run
  }

  private func status(_ word: String) -> RunStatus {
    switch word {
    case "RUNNING", "QUEUED": .running
    case "FAILED": .failed
    case "INTERRUPTED", "TIMEOUT": .interrupted
    case "DIED": .crashed
    default: .finished
    }
  }

  private func takeSeries(
    _ key: String, _ value: JSONValue, into run: inout ForeignRun, _ omissions: inout Omissions
  ) {
    guard case .array(let steps)? = value["steps"], case .array(let values)? = value["values"],
      steps.count == values.count
    else {
      omissions.add("a series without steps and values")
      return
    }
    var times: [JSONValue] = []
    if case .array(let all)? = value["timestamps"], all.count == steps.count { times = all }
    var points: [MetricPoint] = []
    points.reserveCapacity(steps.count)
    for index in steps.indices {
      guard let step = ForeignValue.whole(steps[index]), let number = number(values[index]) else {
        omissions.add("values of \(key), which are not numbers")
        continue
      }
      let time =
        times.isEmpty ? nil : times[index].plainText.flatMap { ForeignValue.time($0) }
      points.append(
        MetricPoint(
          step: step, value: number, time: time ?? run.startedAt ?? Timestamp(milliseconds: 0)))
    }
    run.metrics[key] = points
  }

  /// numpy's scalars are written as `{"dtype": "float64", "value": 0.5}` among others.
  private func number(_ value: JSONValue) -> Double? {
    ForeignValue.number(value) ?? ForeignValue.number(value["value"])
  }
}
