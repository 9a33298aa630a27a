import TrackerTemplates
import TrackerViews
import TrackerStore

/// A part for each run: what it was started with, what came of it, and how to run it again. What all runs
/// share is said once.
struct RunSection {
  private let report: ReportView
  private let curves: CurveSection
  private let style: TextStyle
  private let shared: Set<Fact>
  /// The runs whose metrics and commands stand with them.
  private let measured: Set<Int64>

  /// Something that is known of a run.
  private struct Fact: Hashable {
    let isParameter: Bool
    let name: String
    let value: String

    var content: FactContent { FactContent(name: name, value: value) }
  }

  private struct Content: TemplateContent {
    let notes: [String]
    let hasShared: Bool
    let shared: [FactsContent]
    let runs: [RunContent]
  }

  struct RunContent: TemplateContent {
    let id: String
    let label: String
    let open: Bool
    let status: String
    let statusClass: String
    let headline: String?
    let reason: String?
    let note: String?
    /// `nil` where the page's script fills it in.
    let command: String?
    let facts: [FactsContent]
    let hasMetrics: Bool
    let metrics: [MetricContent]
    let network: NetworkContent?
  }

  struct MetricContent: TemplateContent {
    let key: String
    let first: String
    let last: String
    let best: String
    /// The element that draws it.
    let curve: String?
  }

  /// - Parameter ranking: the runs' ids, best first
  init(_ report: ReportView, ranking: [Int64], curves: CurveSection, _ style: TextStyle) {
    self.report = report
    self.curves = curves
    self.style = style
    let runs = report.runs
    measured = Set(ranking.prefix(PageWeight(runs.map(\.run)).measured))
    shared =
      runs.count < 2
      ? []
      : runs.dropFirst().reduce(into: Set(Self.facts(of: runs[0].run, style))) { shared, item in
        shared.formIntersection(Self.facts(of: item.run, style))
      }
  }

  var section: ReportSection? {
    guard let first = report.runs.first else { return nil }
    let all = Self.facts(of: first.run, style).filter(shared.contains)
    let pictured = report.runs.filter { $0.network != nil }.map { String($0.run.id) }
    var notes: [String] = []
    if measured.count < report.runs.count {
      notes.append(
        "Without scripts, metrics and commands stand with the best \(counted(measured.count, "run")) alone."
      )
    }
    if !pictured.isEmpty, pictured.count < report.runs.count {
      notes.append(
        "Confusion matrix, mistakes, hidden units and weights are drawn for the best: runs "
          + pictured.joined(separator: ", ")
          + ". Name others to see theirs: tracker report 12 --html")
    }
    return ReportSection(
      id: "details", title: "Runs in detail",
      content: Content(
        notes: notes, hasShared: !all.isEmpty, shared: Self.lists(of: all),
        runs: runs))
  }

  /// The parts of the runs.
  var runs: [RunContent] { report.runs.map(details) }

  private func details(_ item: ReportRun) -> RunContent {
    let run = item.run
    let isMeasured = measured.contains(run.id)
    let own = Self.facts(of: run, style).filter { !shared.contains($0) }
    return RunContent(
      id: String(run.id), label: run.label.capitalizedFirst, open: report.runs.count == 1,
      status: run.status.rawValue, statusClass: run.status.emphasis.cssClass ?? "",
      headline: headline(run), reason: run.error ?? run.outcome, note: run.note,
      command: isMeasured ? run.environment.command : nil, facts: Self.lists(of: own),
      hasMetrics: !run.metrics.isEmpty && isMeasured,
      metrics: !isMeasured
        ? []
        : inReadingOrder(metrics: run.metrics.keys).compactMap { key in
          run.metrics[key].map { row(run.id, key, $0) }
        },
      network: item.network.map { NetworkContent($0, run: run.id) })
  }

  private func row(_ run: Int64, _ key: String, _ metric: MetricSummary) -> MetricContent {
    let best = Cell.real(MetricDirection.known(for: key).map { $0.best(of: metric) })
    return MetricContent(
      key: key, first: metric.first.readable(), last: metric.last.readable(),
      best: best.readable(style), curve: curves.element(run: run, metric: key))
  }

  private func headline(_ run: Run) -> String? {
    let parts = RankingMetric.headline(of: run.metrics.keys).reversed().compactMap { key in
      run.metrics[key].map { "\(KnownMetric(key).title) \($0.last.readable())" }
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// Parameters beside what surrounded the run; a list that is empty is left out.
  private static func lists(of facts: [Fact]) -> [FactsContent] {
    [("Parameters", true), ("Data, code, environment", false)].compactMap { title, isParameter in
      let items = facts.filter { $0.isParameter == isParameter }
      return items.isEmpty ? nil : FactsContent(title: title, items: items.map(\.content))
    }
  }

  /// A page shows no more of one run.
  private static let mostParameters = 1000

  private static func facts(of run: Run, _ style: TextStyle) -> [Fact] {
    let parent = run.parent.map { [Document.Fact("parent", .text("run \($0)"))] } ?? []
    let times: [Document.Fact] = [
      .init("experiment", .text(run.experiment)), .init("started", .time(run.startedAt)),
      .init("took", .duration(run.durationSeconds)),
    ]
    let tags = run.tagFacts.map { Document.Fact("tag \($0.name)", $0.value) }
    func named(_ facts: [Document.Fact], isParameter: Bool) -> [Fact] {
      facts.map {
        Fact(isParameter: isParameter, name: $0.name, value: $0.value.readable(style))
      }
    }
    let parameters = run.parameterFacts
    let left = parameters.count - mostParameters
    let more =
      left > 0
      ? [
        Fact(
          isParameter: true, name: "…", value: "\(grouped(left)) more: tracker show \(run.id)")
      ] : []
    return named(Array(parameters.prefix(mostParameters)), isParameter: true) + more
      + named(
        parent + times + run.dataFacts + run.environmentFacts() + tags, isParameter: false)
  }
}

/// A name and a value.
struct FactContent: TemplateContent {
  let name: String
  let value: String

  var templateValue: TemplateValue { .record([("name", name), ("value", value)]) }
}

/// What fills the template `facts`.
struct FactsContent: TemplateContent {
  let title: String
  let items: [FactContent]

  var templateValue: TemplateValue { .record([("title", title), ("items", items)]) }
}
