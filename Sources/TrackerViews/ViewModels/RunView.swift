package import TrackerJSON
package import TrackerStore

/// Everything on one run.
package struct RunView: Presentable {
  private let run: Run
  private let curves: [String: [Double]]
  private let artifacts: [Artifact]
  private let finding: String?
  private let parent: String?
  private let children: [Int64]

  /// A named blob of the run, without its bytes.
  package struct Artifact: Sendable, Hashable {
    /// Its name within the run.
    package var name: String
    /// What it is: `parameters`, `predictions`, `checkpoint`, ….
    package var kind: String
    /// Its size.
    package var byteCount: Int
    /// The SHA-256 of its bytes, in lower-case hexadecimal.
    package var sha256: String

    /// A named blob.
    package init(name: String, kind: String, byteCount: Int, sha256: String) {
      self.name = name
      self.kind = kind
      self.byteCount = byteCount
      self.sha256 = sha256
    }

    /// As the store knows it.
    package init(_ record: ArtifactRecord) {
      self.init(
        name: record.name, kind: record.kind, byteCount: record.byteCount, sha256: record.sha256)
    }
  }

  /// - Parameters:
  ///   - run: the run
  ///   - curves: its series, to be drawn; metrics without one are shown by their numbers alone
  ///   - artifacts: what it left behind
  ///   - finding: the likeliest fault of its training, in a word; `nil` where there is none
  ///   - parent: the name of the run that it is nested in
  ///   - children: the numbers of the runs that are nested in it, in order
  package init(
    run: Run, curves: [MetricCurve] = [], artifacts: [Artifact] = [], finding: String? = nil,
    parent: String? = nil, children: [Int64] = []
  ) {
    self.run = run
    self.parent = parent
    self.children = children
    self.finding = finding
    self.artifacts = artifacts
    self.curves = Dictionary(
      curves.map { ($0.metric, $0.points.map(\.value)) }, uniquingKeysWith: { $1 })
  }

  /// The metrics that people are shown; programs get all.
  package static func shownMetrics(of run: Run) -> [String] {
    Array(inReadingOrder(metrics: run.metrics.keys).prefix(ReadingLimit.metrics))
  }

  package var json: JSONValue {
    run.json.appending([
      "artifacts": .array(
        artifacts.map { artifact in
          .object([
            "name": .string(artifact.name), "kind": .string(artifact.kind),
            "byteCount": .integer(artifact.byteCount), "sha256": .string(artifact.sha256),
          ])
        }),
      "children": .array(children.map(JSONValue.integer)),
    ])
  }

  /// A few checks block by block; of many a line each, and the last failed one, or the last, in full.
  private var checkBlocks: [Document.Block] {
    let checks = run.gradientChecks
    guard checks.count > 2 else { return checks.flatMap { $0.blocks(titled: nil) } }
    let table = DataTable(
      columns: [
        .init("step"), .init("verdict"), .init("off"), .init("max |a−n|"),
        .init("relative", rank: 1),
        .init("took", rank: 2),
      ],
      rows: checks.map { check in
        [
          .integer(check.step),
          .text(check.passed ? "✓" : "✗", check.passed ? .good : .bad),
          .count(check.failedCount), .real(check.maxAbsoluteDifference),
          .real(check.maxRelativeDifference), .duration(check.seconds),
        ]
      }
    ).withoutEmptyColumns
    let curve = Sparkline.text(checks.map(\.maxAbsoluteDifference), width: 60)
    let shown = checks.last { !$0.passed } ?? checks.last
    return [.table(table), .paragraph("max |a−n| over the steps  \(curve)", .faint)]
      + (shown?.blocks(titled: nil) ?? [])
  }

  package var records: DataTable {
    var rows: [[Cell]] = overview.map { [.text("run"), .text($0.name), $0.value] }
    rows += run.parameterFacts.map { [.text("parameters"), .text($0.name), $0.value] }
    for key in inReadingOrder(metrics: run.metrics.keys) {
      guard let metric = run.metrics[key] else { continue }
      let numbers: KeyValuePairs<String, Cell> = [
        "first": .real(metric.first), "last": .real(metric.last), "min": .real(metric.min),
        "max": .real(metric.max), "count": .count(metric.count),
        "lastStep": .integer(metric.lastStep),
      ]
      rows += numbers.map { [.text("metrics"), .text(key + "." + $0.key), $0.value] }
    }
    for check in run.gradientChecks {
      for block in check.blocks {
        rows.append([
          .text("gradientChecks"),
          .text("\(check.moment).\(block.name).\(block.part).maxAbsoluteDifference"),
          .real(block.maxAbsoluteDifference),
        ])
      }
    }
    rows += run.alerts.map { [.text("alerts"), .text($0.title), .text($0.text)] }
    rows += environment.map { [.text("environment"), .text($0.name), $0.value] }
    rows += run.tags.sorted { $0.key < $1.key }.map {
      [.text("tags"), .text($0.key), .text($0.value)]
    }
    return DataTable(["section", "key", "value"], rows: rows)
  }

  private var alertTable: DataTable {
    DataTable(
      ["step", "level", "alert", "text", "time"],
      rows: run.alerts.map { alert in
        [
          .integer(alert.step), .text(alert.level.rawValue, alert.level == .info ? .faint : .bad),
          .text(alert.title), .text(alert.text), .time(alert.time),
        ]
      }
    ).withoutEmptyColumns
  }

  package var document: Document {
    var blocks: [Document.Block] = [
      .heading(run.name.map { "Run \(run.id) · \($0)" } ?? "Run \(run.id)"), .facts(overview),
    ]
    func section(_ title: String, _ content: Document.Block, isEmpty: Bool) {
      if !isEmpty { blocks += [.heading(title), content] }
    }
    section("Metrics", .table(metricTable), isEmpty: run.metrics.isEmpty)
    let left = run.metrics.count - ReadingLimit.metrics
    if left > 0 {
      blocks.append(
        .paragraph(
          "and \(grouped(left)) more metrics: one with --metric KEY, all with --format json or csv.",
          .faint))
    }
    section("Parameters", .facts(run.parameterFacts), isEmpty: run.parameters.isEmpty)
    if !run.gradientChecks.isEmpty {
      blocks.append(.heading("Gradient checks"))
      blocks += checkBlocks
      if run.gradientChecks.contains(where: { !$0.passed }) {
        blocks.append(.paragraph("Why? tracker diagnose \(run.id)", .strong))
      }
    }
    if let finding {
      blocks.append(.paragraph("Found: \(finding). See: tracker diagnose \(run.id)", .bad))
    }
    section("Alerts", .table(alertTable), isEmpty: run.alerts.isEmpty)
    section("Artifacts", .table(artifactTable), isEmpty: artifacts.isEmpty)
    section("Environment", .facts(environment), isEmpty: false)
    section("Tags", .facts(run.tagFacts), isEmpty: run.tagFacts.isEmpty)
    return Document(blocks)
  }

  private var overview: [Document.Fact] {
    var facts: [Document.Fact] = [
      .init("experiment", .text(run.experiment)),
      .init("status", run.statusCell),
      .init("started", .time(run.startedAt)),
    ]
    if let end = run.endedAt { facts.append(.init("ended", .time(end))) }
    if let duration = run.durationSeconds { facts.append(.init("took", .duration(duration))) }
    if let error = run.error { facts.append(.init("error", .text(error, .bad))) }
    if let outcome = run.outcome { facts.append(.init("outcome", .text(outcome))) }
    if let archived = run.archivedAt { facts.append(.init("archived", .time(archived))) }
    if let id = run.parent {
      facts.append(.init("parent", .text(parent.map { "\(id) (\($0))" } ?? "\(id)")))
    }
    if !children.isEmpty { facts.append(.init("children", .text(ranges(children)))) }
    facts += run.dataFacts
    if let note = run.note { facts.append(.init("note", .text(note))) }
    return facts
  }

  private var environment: [Document.Fact] {
    [.init("command", .text(run.environment.command))] + run.environmentFacts(withProcess: true)
  }

  private var metricTable: DataTable {
    DataTable(
      columns: [
        .init("metric"), .init("first", rank: 3), .init("last"), .init("best"),
        .init("points", rank: 4), .init("curve", rank: 1),
      ],
      rows: Self.shownMetrics(of: run).compactMap { key in
        guard let metric = run.metrics[key] else { return nil }
        return [
          .text(key), .real(metric.first), .real(metric.last, .strong),
          .real(MetricDirection.known(for: key).map { $0.best(of: metric) }),
          .count(metric.count), curves[key].map { Cell(.curve($0)) } ?? .missing,
        ]
      }
    ).withoutEmptyColumns
  }

  private var artifactTable: DataTable {
    DataTable(
      columns: [.init("name"), .init("kind"), .init("size"), .init("sha256", rank: 1)],
      rows: artifacts.map { artifact in
        [
          .text(artifact.name), .text(artifact.kind), Cell(.bytes(artifact.byteCount)),
          .text(artifact.sha256, .faint),
        ]
      })
  }
}
