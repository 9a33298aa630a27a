import TrackerStore
import TrackerSystem

/// A table with a run a row, as W&B and Neptune export it: settings and last values side by side, which the names of
/// the metrics tell apart.
struct RunTable {
  private let path: String
  private let name: Int
  private let id: Int?
  private let state: Int?
  private let created: Int?
  private var runs: [ForeignRun] = []

  /// `nil` where the header is none of such a table.
  init?(_ header: [String], path: String) {
    let names = header.map { $0.lowercased() }
    guard let state = ["state", "sys/state"].lazy.compactMap({ names.firstIndex(of: $0) }).first,
      let name = ["name", "sys/name", "sys/id"].lazy.compactMap({ names.firstIndex(of: $0) }).first
    else { return nil }
    self.state = state
    self.name = name
    id = ["id", "sys/id"].lazy.compactMap { names.firstIndex(of: $0) }.first
    created =
      ["created", "createdat", "sys/creation_time"].lazy.compactMap { names.firstIndex(of: $0) }
      .first
    self.path = resolvedPath(path)
  }

  /// Takes the run of a row.
  mutating func take(_ fields: [String], _ header: [String]) {
    var run = ForeignRun(identity: "csv:\(path):\(fields[id ?? name])")
    run.name = fields[name]
    switch state.map({ fields[$0].lowercased() }) {
    case "running": run.status = .running
    case "failed": run.status = .failed
    case "crashed": run.status = .crashed
    case "killed": run.status = .interrupted
    default: run.status = .finished
    }
    let time = created.flatMap { ForeignValue.time(fields[$0]) }
    run.startedAt = time
    run.endedAt = time
    let steps = header.firstIndex { ["_step", "step"].contains($0.lowercased()) }
    let step = steps.flatMap { Int64(fields[$0]) } ?? 0
    for (index, text) in fields.enumerated()
    where ![name, id, state, created].contains(index) && !text.isEmpty {
      let key = header[index]
      switch key.lowercased() {
      case "notes", "sys/description": run.note = text
      case "user", "sys/owner": run.user = text
      case "tags", "sys/tags", "group", "job type", "sweep": run.tags[key.lowercased()] = text
      default:
        let value = ForeignValue.number(text)
        if let value, KnownMetric(key).rank != nil {
          run.metrics[key] = [
            MetricPoint(step: step, value: value, time: time ?? Timestamp(milliseconds: 0))
          ]
        } else {
          run.parameters[key] = ParameterValue(typed: text)
        }
      }
    }
    runs.append(run)
  }

  func hand(on body: (ForeignRun) throws -> Void) throws { for run in runs { try body(run) } }
}
