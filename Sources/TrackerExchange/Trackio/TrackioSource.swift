import TrackerJSON
import TrackerSQLite
import TrackerStore

/// Trackio's databases: a file a project, `PROJECT.db`, or the folder of them.
struct TrackioSource: ForeignSource {
  static let format = ForeignFormat.trackio
  private let path: String

  init(path: String, options: ForeignOptions) { self.path = path }

  private static func isProject(_ path: String) -> Bool {
    guard path.hasSuffix(".db"), let database = try? ForeignDatabase(path) else { return false }
    return Set(database.columns("metrics")).isSuperset(of: [
      "timestamp", "run_name", "step", "metrics",
    ])
  }

  private static func files(_ path: String) -> [String] {
    SourceFile.isFile(path)
      ? (isProject(path) ? [path] : [])
      : SourceFile.names(in: path).map { "\(path)/\($0)" }.filter(isProject)
  }

  static func recognizes(_ path: String) -> Bool { !files(path).isEmpty }

  func runs(_ omissions: inout Omissions, _ body: (ForeignRun) throws -> Void) throws {
    for file in Self.files(path) {
      let project = SourceFile.name(of: file).dropLast(".db".count)
      let database = try ForeignDatabase(file)
      let tables = ["metrics", "configs", "system_metrics"].filter { !database.columns($0).isEmpty }
      // Before it had ids, a run was its name.
      let id = { (table: String) in
        database.columns(table).contains("run_id") ? "coalesce(run_id, run_name)" : "run_name"
      }
      let union = tables.map { "SELECT \(id($0)) AS id, run_name FROM \($0)" }.joined(
        separator: " UNION ")
      let runs = try database.rows(
        "SELECT id, max(run_name) FROM (\(union)) GROUP BY id ORDER BY id"
      ) {
        (id: $0.text(0), name: $0.text(1))
      }
      for (runID, name) in runs {
        var run = ForeignRun(identity: "trackio:\(project):\(runID)")
        run.experiment = String(project)
        run.name = name
        if tables.contains("configs") {
          for text in try database.rows(
            "SELECT config FROM configs WHERE \(id("configs")) = ?", [.text(runID)], { $0.text(0) })
          {
            take(configuration: text, into: &run, &omissions)
          }
        }
        for table in tables where table != "configs" {
          try takeRows(
            of: table, id: id(table), runID, database,
            media: SourceFile.parent(of: file) + "/media",
            into: &run, &omissions)
        }
        let times = run.metrics.values.flatMap {
          [$0.first?.time, $0.last?.time].compactMap { $0 }
        }
        run.startedAt = run.startedAt ?? times.min()
        run.endedAt = times.max()
        try body(run)
      }
      let alerts =
        database.columns("alerts").isEmpty
        ? 0 : try database.rows("SELECT count(*) FROM alerts") { Int($0.integer(0)) }[0]
      if alerts > 0 { omissions.add("alerts of Trackio", count: alerts) }
    }
  }

  private func take(
    configuration text: String, into run: inout ForeignRun, _ omissions: inout Omissions
  ) {
    guard case .object(let members)? = try? JSONValue(parsing: text) else {
      omissions.add("a configuration that is not a JSON object")
      return
    }
    for member in members {
      switch member.key {
      case "_Username": run.user = member.value.plainText ?? ""
      case "_Created": run.startedAt = member.value.plainText.flatMap { ForeignValue.time($0) }
      case "_Group": if let group = member.value.plainText { run.tags["group"] = group }
      default:
        for (key, value) in ForeignValue.parameters(member.value, key: member.key) {
          run.parameters[key] = value
        }
      }
    }
  }

  private func takeRows(
    of table: String, id: String, _ runID: String, _ database: ForeignDatabase,
    media folder: String, into run: inout ForeignRun, _ omissions: inout Omissions
  ) throws {
    let hasStep = database.columns(table).contains("step")
    var next: Int64 = 0
    var left: [String: Int] = [:]
    _ = try database.rows(
      "SELECT timestamp, \(hasStep ? "step" : "NULL"), metrics FROM \(table) WHERE \(id) = ? ORDER BY rowid",
      [.text(runID)]
    ) { row in
      let step = row.optionalInteger(1) ?? next
      next = step == .max ? step : step + 1
      let time = ForeignValue.time(row.text(0)) ?? Timestamp(milliseconds: 0)
      guard case .object(let members)? = try? JSONValue(parsing: row.text(2)) else {
        left["rows that are not JSON objects", default: 0] += 1
        return
      }
      func take(_ value: JSONValue, _ key: String) {
        if let media = ForeignMedia(value, folder: folder) {
          if media.takeValue(key, step: step, into: &run) { return }
          if let files = media.files {
            self.take(files, of: media, key, step: step, into: &run)
            return
          }
        } else if case .object(let members) = value {
          for member in members { take(member.value, "\(key).\(member.key)") }
          return
        }
        guard let value = ForeignValue.number(value) else {
          left["values of \(key), which are not numbers", default: 0] += 1
          return
        }
        let key = table == "system_metrics" ? "system/\(key)" : key
        run.metrics[key, default: []].append(MetricPoint(step: step, value: value, time: time))
      }
      for member in members { take(member.value, member.key) }
    }
    for (what, count) in left.sorted(by: { $0.key < $1.key }) { omissions.add(what, count: count) }
  }

  /// Files of a metric's step, named as TensorBoard's are: `KEY/STEP.png`.
  private func take(
    _ files: [String], of media: ForeignMedia, _ key: String, step: Int64,
    into run: inout ForeignRun
  ) {
    for (number, file) in files.enumerated() {
      let name = SourceFile.name(of: file)
      let type = name.lastIndex(of: ".").map { String(name[$0...]) } ?? ""
      run.artifacts.append(
        ForeignArtifact(
          name: "\(key)/\(step)" + (number == 0 ? "" : ".\(number)") + type, kind: media.kind,
          content: .file("\(media.folder)/\(file)")))
    }
  }
}
