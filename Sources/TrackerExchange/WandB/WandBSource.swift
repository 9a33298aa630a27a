import TrackerJSON
import TrackerStore

/// W&B's offline runs: a file `.wandb`, its folder `offline-run-…`, or the folder `wandb` with many of them.
struct WandBSource: ForeignSource {
  static let format = ForeignFormat.wandb
  private let path: String
  private let stepKey: String

  init(path: String, options: ForeignOptions) {
    self.path = path
    stepKey = options.stepKey ?? "_step"
  }

  /// The files of a path: itself, or those in it and in the folders in it.
  private static func files(_ path: String) -> [String] {
    if SourceFile.isFile(path) { return WandBFile.recognizes(path) ? [path] : [] }
    let inner = SourceFile.names(in: path)
    let folders =
      [path] + inner.filter { $0.contains("run-") || $0 == "wandb" }.map { "\(path)/\($0)" }
    let below = SourceFile.names(in: "\(path)/wandb").filter { $0.contains("run-") }
      .map { "\(path)/wandb/\($0)" }
    return (folders + below).flatMap { folder in
      SourceFile.names(in: folder).map { "\(folder)/\($0)" }.filter {
        SourceFile.isFile($0) && WandBFile.recognizes($0)
      }
    }
  }

  static func recognizes(_ path: String) -> Bool { !files(path).isEmpty }

  func runs(_ omissions: inout Omissions, _ body: (ForeignRun) throws -> Void) throws {
    for file in Self.files(path) { try body(try run(file, &omissions)) }
  }

  private func run(_ file: String, _ omissions: inout Omissions) throws -> ForeignRun {
    var run = ForeignRun(identity: "wandb:\(SourceFile.name(of: file))")
    run.status = .running
    let folder = SourceFile.parent(of: file) + "/files"
    var history = History(stepKey: stepKey, folder: folder)
    var summary = Summary()
    var measurements: Int64 = 0
    var left: [String: Int] = [:]
    let end = try WandBFile.records(file) { bytes in
      for (field, value) in ProtobufMessage(bytes) {
        guard let message = value.message else { continue }
        // wandb/proto/wandb_internal.proto, message Record.
        switch field {
        case 2: history.take(message, into: &run)
        case 3: summary.take(message)
        case 5: takeConfiguration(message, into: &run)
        case 17: take(run: message, into: &run)
        case 18: takeExit(message, into: &run)
        case 26: takeEnvironment(message, into: &run)
        case 7:
          takeStatistics(message, step: measurements, into: &run)
          measurements += 1
        case 10: left["alerts", default: 0] += 1
        case 8, 9, 13, 20:
          left["files, output and artifacts that are listed in the run's file", default: 0] += 1
        default: break
        }
      }
    }
    for (what, count) in left.sorted(by: { $0.key < $1.key }) {
      omissions.add("records of \(what)", count: count)
    }
    for (key, count) in history.left.sorted(by: { $0.key < $1.key }) {
      omissions.add("values of \(key), which are not numbers", count: count)
    }
    switch end {
    case .whole: break
    case .cutOff: omissions.add("the last record of a run that is cut off or still written")
    case .damaged(let offset):
      omissions.add("the rest of \(SourceFile.name(of: file)), damaged at byte \(offset)")
    }
    if run.status != .running {
      run.endedAt = history.lastTime
      summary.hand(to: &run, step: history.lastStep, at: history.lastTime, &omissions)
    }
    run.artifacts += SourceFile.artifacts(below: folder)
    return run
  }

  /// `RunRecord`: run_id 1, entity 2, project 3, config 4, run_group 6, job_type 7, display_name 8, notes 9, tags 10,
  /// host 13, start_time 17, git 20.
  private func take(run message: ProtobufMessage, into run: inout ForeignRun) {
    for (field, value) in message {
      let text = value.text.flatMap { $0.isEmpty ? nil : $0 }
      switch field {
      case 1: if let text { run.identity = "wandb:\(text)" }
      case 3: if let text { run.experiment = text }
      case 4: if let message = value.message { takeConfiguration(message, into: &run) }
      case 6: if let text { run.tags["group"] = text }
      case 7: if let text { run.tags["job_type"] = text }
      case 8: run.name = text
      case 9: run.note = text
      case 10: if let text { run.tags[text] = "" }
      case 13: run.host = text ?? ""
      case 17: if let message = value.message { run.startedAt = time(message) }
      case 20: takeCommit(value, into: &run)
      default: break
      }
    }
  }

  /// `EnvironmentRecord`, which newer clients write: program 6, git 9, host 12, username 13.
  private func takeEnvironment(_ message: ProtobufMessage, into run: inout ForeignRun) {
    for (field, value) in message {
      switch field {
      case 6: run.command = value.text ?? ""
      case 9: takeCommit(value, into: &run)
      case 12: run.host = value.text ?? ""
      case 13: run.user = value.text ?? ""
      default: break
      }
    }
  }

  /// `GitRepoRecord`: commit 2.
  private func takeCommit(_ value: ProtobufMessage.Value, into run: inout ForeignRun) {
    guard let message = value.message else { return }
    for (field, value) in message where field == 2 { run.gitCommit = value.text }
  }

  /// `StatsRecord`: timestamp 2, of items 3: key 1, value_json 16. They have no step of their own.
  private func takeStatistics(
    _ message: ProtobufMessage, step: Int64, into run: inout ForeignRun
  ) {
    var moment: Timestamp?
    for (field, value) in message {
      guard let message = value.message else { continue }
      if field == 2 { moment = time(message) }
      guard field == 3 else { continue }
      let item = WandBItem(message)
      guard let key = item.keys.first, let json = try? JSONValue(parsing: item.json),
        let number = ForeignValue.number(json)
      else { continue }
      run.metrics["system/\(key)", default: []].append(
        MetricPoint(
          step: step, value: number,
          time: moment ?? run.startedAt ?? Timestamp(milliseconds: 0)))
    }
  }

  /// A `google.protobuf.Timestamp`: seconds 1, nanoseconds 2.
  private func time(_ message: ProtobufMessage) -> Timestamp? {
    var (seconds, nanoseconds): (Int64, Int64) = (0, 0)
    for (field, value) in message {
      if field == 1 { seconds = value.integer ?? 0 }
      if field == 2 { nanoseconds = value.integer ?? 0 }
    }
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    return overflow ? nil : ForeignValue.time(milliseconds: product &+ nanoseconds / 1_000_000)
  }

  /// `ConfigRecord`: update 1, of items: key 1, nested_key 2, value_json 16.
  private func takeConfiguration(_ message: ProtobufMessage, into run: inout ForeignRun) {
    for (field, value) in message where field == 1 {
      guard let item = value.message.map(WandBItem.init), item.keys.first != "_wandb",
        let value = try? JSONValue(parsing: item.json)
      else { continue }
      for (key, value) in ForeignValue.parameters(value, key: item.keys.joined(separator: ".")) {
        run.parameters[key] = value
      }
    }
  }

  /// `RunExitRecord`: exit_code 1.
  private func takeExit(_ message: ProtobufMessage, into run: inout ForeignRun) {
    var code: Int64 = 0
    for (field, value) in message where field == 1 { code = value.integer ?? 0 }
    run.status = code == 0 ? .finished : .failed
    if code != 0 { run.error = "exit code \(code)" }
  }
}

/// A key and its value in JSON.
private struct WandBItem {
  var keys: [String] = []
  var json: UnsafeRawBufferPointer = .init(start: nil, count: 0)

  init(_ message: ProtobufMessage) {
    var nested: [String] = []
    for (field, value) in message {
      switch field {
      case 1: if let text = value.text, !text.isEmpty { keys = [text] }
      case 2: if let text = value.text { nested.append(text) }
      case 16: if case .bytes(let bytes) = value { json = bytes }
      default: break
      }
    }
    if !nested.isEmpty { keys = nested }
  }
}

/// What a run is said to have come to, key by key. The client itself notes here the last value of each metric.
private struct Summary {
  private var values: [String: JSONValue] = [:]

  /// `SummaryRecord`: of items update 1 and remove 2.
  mutating func take(_ message: ProtobufMessage) {
    for (field, value) in message {
      guard let item = value.message.map(WandBItem.init), let first = item.keys.first,
        !first.hasPrefix("_")
      else { continue }
      let key = item.keys.joined(separator: ".")
      if field == 1, let json = try? JSONValue(parsing: item.json) {
        values[key] = json
      } else if field == 2 {
        values[key] = nil
      }
    }
  }

  /// Makes of what no curve tells a metric of one point, or a tag.
  func hand(
    to run: inout ForeignRun, step: Int64, at time: Timestamp?, _ omissions: inout Omissions
  ) {
    let time = time ?? run.startedAt ?? Timestamp(milliseconds: 0)
    func hand(_ value: JSONValue, _ key: String) {
      if case .object(let members) = value {
        for member in members { hand(member.value, "\(key).\(member.key)") }
      } else if let points = run.metrics[key] {
        let last = points.last?.value.bitPattern
        if last != ForeignValue.number(value)?.bitPattern {
          omissions.add("values of the summary that are not the last of their curve")
        }
      } else if let number = ForeignValue.number(value) {
        run.metrics[key] = [MetricPoint(step: step, value: number, time: time)]
      } else if let text = value.plainText {
        run.tags[key] = text
      }
    }
    // Pictures and their like are files of the run.
    let files = Set(
      values.keys.filter { $0.hasSuffix("._type") }.map { $0.dropLast("_type".count) })
    func isOfFile(_ key: String) -> Bool {
      key.indices.contains { key[$0] == "." && files.contains(key[...$0]) }
    }
    for (key, value) in values.sorted(by: { $0.key < $1.key })
    where value["_type"] == nil && !isOfFile(key) {
      hand(value, key)
    }
  }
}

/// The rows of a run's history.
private struct History {
  let stepKey: String
  /// Where the run's files are.
  let folder: String
  var lastTime: Timestamp?
  /// Values that are not numbers, by key.
  var left: [String: Int] = [:]
  private var next: Int64 = 0
  /// The step of the newest row; 0 where there is none.
  var lastStep: Int64 { max(next, 1) - 1 }

  init(stepKey: String, folder: String) { (self.stepKey, self.folder) = (stepKey, folder) }

  /// `HistoryRecord`: item 1, step 2 with num 1.
  mutating func take(_ message: ProtobufMessage, into run: inout ForeignRun) {
    var step: Int64?
    var time: Timestamp?
    var values: [(key: String, value: JSONValue)] = []
    /// The keys of values that are no numbers but say by a `_type` what they are.
    var typed: [String] = []
    for (field, value) in message {
      if field == 2, let message = value.message {
        for (field, value) in message where field == 1 { step = step ?? value.integer }
      }
      guard field == 1, let item = value.message.map(WandBItem.init) else { continue }
      let key = item.keys.joined(separator: ".")
      guard let value = try? JSONValue(parsing: item.json) else {
        left[key, default: 0] += 1
        continue
      }
      switch key {
      case stepKey: step = ForeignValue.whole(value) ?? step
      case "_timestamp": time = ForeignValue.number(value).flatMap(ForeignValue.time(seconds:))
      case "_runtime", "_step": break
      default:
        values.append((key, value))
        if item.keys.count > 1, item.keys.last == "_type" {
          typed.append(String(key.dropLast("._type".count)))
        }
      }
    }
    let place = step ?? next
    next = place == .max ? place : place + 1
    let moment = time ?? lastTime ?? run.startedAt ?? Timestamp(milliseconds: 0)
    lastTime = moment
    // An object is written as its members, each with the keys above it.
    for key in typed {
      let prefix = key + "."
      let isMember = { (other: String) in other.hasPrefix(prefix) }
      let members = values.filter { isMember($0.key) }.map {
        JSONValue.Member(key: String($0.key.dropFirst(prefix.count)), value: $0.value)
      }
      values.removeAll { isMember($0.key) }
      values.append((key, .object(members)))
    }
    for (key, value) in values { take(value, key, place, moment, into: &run) }
  }

  private mutating func take(
    _ value: JSONValue, _ key: String, _ step: Int64, _ time: Timestamp, into run: inout ForeignRun
  ) {
    if let number = ForeignValue.number(value) {
      run.metrics[key, default: []].append(
        MetricPoint(step: step, value: number, time: time))
    } else if let media = ForeignMedia(value, folder: folder) {
      // The files of the run's folder come along anyhow.
      if !media.takeValue(key, step: step, into: &run), media.files == nil {
        left[key, default: 0] += 1
      }
    } else if case .object(let members) = value {
      for member in members { take(member.value, "\(key).\(member.key)", step, time, into: &run) }
    } else {
      left[key, default: 0] += 1
    }
  }
}
