import TrackerJSON
import TrackerStore
import TrackerSystem

/// DVCLive's folder: `plots/metrics/**/NAME.tsv`, `metrics.json`, `params.yaml` and `artifacts`.
struct DVCLiveSource: ForeignSource {
  static let format = ForeignFormat.dvclive
  private let path: String

  init(path: String, options: ForeignOptions) { self.path = path }

  private static func folder(_ path: String) -> String? {
    [path, "\(path)/dvclive"].first { isFolder("\($0)/plots/metrics") }
  }

  static func recognizes(_ path: String) -> Bool { folder(path) != nil }

  func runs(_ omissions: inout Omissions, _ body: (ForeignRun) throws -> Void) throws {
    guard let folder = Self.folder(path) else { return }
    let resolved = resolvedPath(folder)
    // The folder has no id: where it is, is what it is.
    var run = ForeignRun(identity: "dvclive:\(resolved)")
    run.name = SourceFile.name(of: SourceFile.parent(of: resolved))
    if SourceFile.isFile("\(folder)/params.yaml") {
      for (key, value) in ForeignValue.parameters(try YAML.read("\(folder)/params.yaml")) {
        run.parameters[key] = value
      }
    }
    let curves = "\(folder)/plots/metrics"
    var moments: [Timestamp] = []
    for file in SourceFile.files(below: curves) where file.hasSuffix(".tsv") {
      let key = String(file.dropLast(".tsv".count))
      let written = SourceFile.modified("\(curves)/\(file)") ?? Timestamp(milliseconds: 0)
      moments.append(written)
      run.metrics[key] = try points("\(curves)/\(file)", written, &omissions)
    }
    // What is in metrics.json without a curve was logged once.
    if SourceFile.isFile("\(folder)/metrics.json"),
      let summary = try? JSONValue(parsing: try SourceFile.bytes("\(folder)/metrics.json"))
    {
      takeSummary(summary, "", into: &run, at: moments.max() ?? Timestamp(milliseconds: 0))
    }
    let times = run.metrics.values.flatMap { $0.map(\.time) }
    run.startedAt = times.min() ?? SourceFile.modified(folder)
    run.endedAt = times.max()
    run.artifacts =
      SourceFile.artifacts(below: "\(folder)/artifacts", in: "artifacts/")
      + SourceFile.artifacts(below: "\(folder)/plots/images", in: "images/")
      + SourceFile.artifacts(below: "\(folder)/plots/custom", in: "plots/")
    try body(run)
  }

  /// Columns `step`, a name, and `timestamp` where it was asked for.
  private func points(
    _ path: String, _ written: Timestamp, _ omissions: inout Omissions
  ) throws -> [MetricPoint] {
    var points: [MetricPoint] = []
    var header: [Substring] = []
    var unreadable = 0
    try SourceFile.lines(path, takesUnended: false) { line, number in
      let text = String(decoding: line, as: UTF8.self)
      let fields = text.split(separator: "\t", omittingEmptySubsequences: false)
      if number == 1 {
        header = fields
        return
      }
      let step = header.firstIndex(of: "step")
      let time = header.firstIndex(of: "timestamp")
      guard fields.count == header.count,
        let column = header.indices.first(where: { $0 != step && $0 != time }),
        let value = ForeignValue.number(fields[column]),
        let place = step.map({ Int64(fields[$0]) }) ?? Int64(points.count)
      else {
        unreadable += 1
        return
      }
      let moment = time.flatMap { column in
        Double(fields[column]).flatMap { ForeignValue.time(seconds: $0 > 1e11 ? $0 / 1000 : $0) }
      }
      points.append(MetricPoint(step: place, value: value, time: moment ?? written))
    }
    if unreadable > 0 {
      omissions.add("lines of metrics that are cut off or no numbers", count: unreadable)
    }
    return points
  }

  private func takeSummary(
    _ value: JSONValue, _ key: String, into run: inout ForeignRun, at time: Timestamp
  ) {
    if case .object(let members) = value {
      for member in members {
        takeSummary(
          member.value, key.isEmpty ? member.key : "\(key)/\(member.key)", into: &run, at: time)
      }
    } else if run.metrics[key] == nil, key != "step", let number = ForeignValue.number(value) {
      run.metrics[key] = [MetricPoint(step: 0, value: number, time: time)]
    }
  }
}
