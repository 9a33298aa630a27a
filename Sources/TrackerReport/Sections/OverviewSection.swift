import TrackerTemplates
import TrackerViews
import TrackerStore

/// What a report says first: what was run, what came out best, what to worry about.
struct OverviewSection {
  private let runs: [Run]
  private let ranking: RankingMetric?
  private let effects: EffectView?
  private let style: TextStyle

  private let items: [ReportRun]
  private let curves: [BucketedCurve]
  /// The likeliest faults of trainings, and the runs that have them.
  private let faults: [String: [Run]]
  private let labels: RunLabels
  private let chart: MetricChartContent?
  private let legend: [LegendContent]

  /// - Parameter drawn: the learning curves, of which the metric that ranks the runs is shown here, too
  init(
    _ report: ReportView, effects: EffectView?, drawn: CurveSection?, labels: RunLabels,
    _ style: TextStyle
  ) {
    items = report.runs
    self.labels = labels
    runs = report.runs.map(\.run)
    chart = drawn?.repeated(report.ranking?.key)
    legend = drawn?.colouredRuns ?? []
    ranking = report.ranking
    curves = report.runs.flatMap(\.curves)
    faults = Dictionary(grouping: report.runs.filter { $0.fault != nil }) { $0.fault ?? "" }
      .mapValues { $0.map(\.run) }
    self.effects = effects
    self.style = style
  }

  var section: ReportSection {
    let tiles = tiles
    return ReportSection(
      id: "overview", title: "Overview",
      content: Content(
        lead: lead, isRanked: ranking != nil && runs.count > 1, best: best, ranking: rankingNote,
        hasTiles: !tiles.isEmpty, tiles: tiles, notices: notices, chart: chart, legend: legend))
  }

  private struct Content: TemplateContent {
    let lead: String
    let isRanked: Bool
    let best: Best?
    let ranking: String?
    let hasTiles: Bool
    let tiles: [Tile]
    let notices: [Notice]
    let chart: MetricChartContent?
    let legend: [LegendContent]
  }

  /// The run that came out best, what it was started with that others were not, and what mattered.
  private struct Best: TemplateContent {
    let run: String
    let label: String
    let result: String
    let settings: String?
    let why: String?
  }

  private struct Tile: TemplateContent {
    let name: String
    let value: String
    /// What the page's script counts anew when runs are hidden: `checks`, `time`, or a metric.
    var kind: String?
    var metric: String?
    var `class`: String?
    var link: String?
    var linkText: String?
  }

  private struct Notice: TemplateContent {
    let `class`: String
    let text: String
    var link: String?
    var linkText: String?
  }

  private var lead: String {
    guard let first = runs.map(\.startedAt).min(), let last = runs.map(\.startedAt).max() else {
      return "There are no runs to show. Try: tracker run"
    }
    let experiments = Set(runs.map(\.experiment))
    var text = counted(runs.count, "run")
    text += experiments.count == 1 ? "" : " in \(counted(experiments.count, "experiment"))"
    let days = (style.text(of: first), style.text(of: last))
    text += days.0 == days.1 ? ", \(days.0)." : ", \(days.0) to \(days.1)."
    return text
  }

  private var best: Best? {
    guard let ranking, runs.count > 1, let best = ranking.ranking(runs).first,
      let value = best.metrics[ranking.key]?.last, !value.isNaN
    else { return nil }
    let known = runs.map { ranking.value(of: $0) }.filter { !$0.isNaN }.sorted()
    let median = known[(known.count - 1) / 2]
    let settings = ParameterDifferences(runs).influential.prefix(Self.settingLimit).compactMap {
      key in
      best.parameters[key].map { "\(key) \(Cell.parameter($0).readable(style))" }
    }
    return Best(
      run: String(best.id), label: labels[best],
      result: "\(named(ranking.key)) \(value.readable()); the median is \(median.readable())",
      settings: settings.isEmpty ? nil : settings.joined(separator: ", "), why: effects?.sentence)
  }

  /// More settings of the best run stand in the table.
  private static let settingLimit = 6

  /// How the runs are ranked.
  private var rankingNote: String? {
    guard let ranking, runs.count > 1 else { return nil }
    return
      "Ranked by the last \(ranking.key), \(ranking.direction == .maximize ? "higher" : "lower") is better"
      + "."
  }

  /// A metric in words, with its name where the words are others.
  private func named(_ key: String) -> String {
    let title = KnownMetric(key).title
    return title == key ? key : "\(title) (\(key))"
  }

  private var tiles: [Tile] {
    guard !runs.isEmpty else { return [] }
    var tiles: [Tile] = []
    let headline = RankingMetric.headline(of: runs)
    let keys = ranking.map { aim in [aim.key] + headline.filter { $0 != aim.key } } ?? headline
    for key in keys.prefix(2) {
      let direction = key == ranking?.key ? ranking?.direction : KnownMetric(key).direction
      guard let direction else { continue }
      let known = runs.filter { $0.metrics[key]?.last.isNaN == false }
      let best = known.min {
        direction.isBetter($0.metrics[key]?.last ?? .nan, than: $1.metrics[key]?.last ?? .nan)
      }
      guard let best, let value = best.metrics[key]?.last else { continue }
      let what = (direction == .maximize ? "best " : "lowest ") + KnownMetric(key).title
      tiles.append(
        Tile(
          name: what, value: value.readable(), kind: "metric", metric: key,
          link: "run-\(best.id)", linkText: labels[best]))
    }
    let checks = runs.flatMap(\.gradientChecks)
    if !checks.isEmpty {
      let passed = checks.filter(\.passed).count
      tiles.append(
        Tile(
          name: "gradient checks passed", value: "\(passed) of \(checks.count)", kind: "checks",
          class: passed == checks.count ? "good" : "bad", link: "checks", linkText: "see them"))
    }
    let seconds = runs.compactMap(\.durationSeconds).reduce(0, +)
    if seconds > 0 {
      tiles.append(Tile(name: "total time", value: readable(seconds: seconds), kind: "time"))
    }
    return tiles
  }

  private var notices: [Notice] {
    var notices: [Notice] = []
    func list(_ runs: [Run]) -> String {
      let ids = runs.prefix(8).map { String($0.id) }.joined(separator: ", ")
      return (runs.count == 1 ? "run " : "runs ") + ids
        + (runs.count > 8 ? " and \(grouped(runs.count - 8)) more" : "")
    }
    let failing = runs.filter { $0.gradientChecks.contains { !$0.passed } }
    if !failing.isEmpty {
      notices.append(
        Notice(
          class: "bad",
          text: "✗ The gradient check fails in \(list(failing)).\(causes(of: failing))",
          link: "checks", linkText: "See why"))
    }
    notices += nonFiniteNotices
    for status in [RunStatus.failed, .crashed, .interrupted] {
      let ended = runs.filter { $0.status == status }
      if !ended.isEmpty {
        let word = status.rawValue.capitalizedFirst
        notices.append(Notice(class: "warning", text: "⚠ \(word): \(list(ended))."))
      }
    }
    for (fault, found) in faults.sorted(by: { $0.key < $1.key }) {
      notices.append(
        Notice(
          class: "warning",
          text: "⚠ Found \(fault) in \(list(found)). Why: tracker diagnose \(found[0].id)"))
    }
    let alerted = runs.filter { !$0.alerts.isEmpty }
    if !alerted.isEmpty {
      let titles = Set(alerted.flatMap { $0.alerts.map(\.title) }).sorted().prefix(3)
      notices.append(
        Notice(
          class: "warning",
          text: "⚠ Alerts (\(titles.joined(separator: "; "))) in \(list(alerted))."))
    }
    if Set(runs.compactMap { $0.dataset?.sha256 }).count > 1 {
      notices.append(
        Notice(
          class: "warning",
          text: "⚠ These runs were trained on different data: their metrics are not comparable."))
    }
    return notices
  }

  /// Why checks fail, in the words of the likeliest cause of most of them.
  private func causes(of failing: [Run]) -> String {
    let ids = Set(failing.map(\.id))
    let findings = items.filter { ids.contains($0.run.id) }.compactMap(\.findings.first)
    let counts = Dictionary(grouping: findings, by: \.cause).mapValues(\.count)
    let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard let first = order.first, let finding = findings.first(where: { $0.cause == first.key })
    else { return "" }
    let others = order.count - 1
    let rest = others == 0 ? "" : ", and \(counted(others, "other cause"))"
    let which =
      first.value == failing.count || failing.count == 1 ? "" : " in \(first.value) of them"
    return " The likely cause\(which)\(rest): \(finding.summary.firstSentence)"
  }

  /// Metrics that ended as NaN or ±∞, which no average shows.
  private var nonFiniteNotices: [Notice] {
    var runsOf: [String: [(run: Int64, step: Int64)]] = [:]
    for curve in curves {
      guard let step = curve.nonFiniteFrom else { continue }
      runsOf[curve.metric, default: []].append((curve.run, step))
    }
    return inReadingOrder(metrics: runsOf.keys).prefix(Self.nonFiniteLimit).map { key in
      let broken = (runsOf[key] ?? []).sorted { $0.run < $1.run }
      let names = broken.prefix(8).map { "\($0.run)" }.joined(separator: ", ")
      let steps = broken.map(\.step)
      let (first, last) = (steps.min() ?? 0, steps.max() ?? 0)
      return Notice(
        class: "bad",
        text:
          "✗ \(broken.count == 1 ? "Run" : "Runs") \(names)\(broken.count > 8 ? ", …" : ""): \(key) is NaN "
          + "or infinite from step \(first) on\(first == last ? "" : ", in the last of them from step \(last)")."
      )
    }
  }

  /// More metrics that are not finite need not be named: their charts say so.
  private static let nonFiniteLimit = 4
}
