import TrackerTemplates
import TrackerDrawing
import TrackerViews
import TrackerStore

/// Groups of runs that repeat each other: which differences are more than chance, what each group comes to, and mean
/// curves with their intervals.
struct GroupSection {
  private let groups: SeedGroups
  private let view: GroupView
  private let means: [MeanCurve]
  private let style: TextStyle

  /// More groups than this cannot be told apart by colour.
  private static let drawnLimit = CurveSection.colourCount
  private static let sentenceLimit = 12

  init?(_ report: ReportView, _ ranking: RankingMetric?, _ style: TextStyle) {
    guard let groups = SeedGroups(report.runs.map(\.run)), let ranking else { return nil }
    self.groups = groups
    view = GroupView(
      runs: groups.groups.flatMap { $0 }, keys: groups.keys, metric: ranking.key,
      direction: ranking.direction)
    guard !view.groups.isEmpty else { return nil }
    means = report.means
    self.style = style
  }

  private struct Content: TemplateContent {
    let lead: String
    let hasFindings: Bool
    let findings: [String]
    let untold: String?
    let testNote: String?
    let intervals: IntervalsContent
    let table: TableContent
    let charts: [ChartContent]
    let legend: [LegendContent]
    let left: String?
  }

  var section: ReportSection {
    let names = groups.groups.map(groups.name)
    // Best first, as in the table; colours go by that order.
    let order = view.groups.compactMap { group in
      groups.groups.firstIndex { $0.contains { $0.id == group.runs.first } }
    }
    let drawn = Array(order.prefix(Self.drawnLimit))
    let findings = view.tests.filter(view.isFinding)
    let told = findings.prefix(Self.sentenceLimit).map(view.sentence)
    let more = findings.count - told.count
    let content = Content(
      lead: lead, hasFindings: !told.isEmpty,
      findings: told + (more > 0 ? ["\(counted(more, "more difference")) like these."] : []),
      untold: view.untold(view.tests.count - findings.count),
      testNote: view.tests.isEmpty ? nil : view.testNote,
      intervals: IntervalsContent(view),
      table: view.records.content(caption: title, style: style),
      charts: means.map(\.metric).uniqued().compactMap { chart($0, drawn, names) },
      legend: drawn.enumerated().map { LegendContent(class: "c\($0)", label: names[$1]) },
      left: order.count > drawn.count
        ? "Curves of the best \(drawn.count) of \(counted(order.count, "group")):" : nil)
    return ReportSection(
      id: "groups", name: hasSeeds ? "Over seeds" : "Repeated runs", title: title, content: content)
  }

  private var hasSeeds: Bool { view.groups.allSatisfy(\.hasSeeds) }
  private var title: String { hasSeeds ? "Groups over seeds" : "Runs that repeat each other" }

  private var lead: String {
    let sizes = view.groups.map { $0.sample.values.count }
    let least = sizes.min() ?? 0
    let many = sizes.max() ?? 0
    let size = least == many ? "\(many) runs each" : "\(least) to \(many) runs each"
    let what = hasSeeds ? "differ only in their seeds" : "have the same parameters"
    return
      "\(counted(view.groups.count, "group")) of runs that \(what), \(size), best first. Bars cover the mean of "
      + "the last \(view.metric) with 95 %; dots are runs."
  }

  private func chart(_ metric: String, _ drawn: [Int], _ names: [String]) -> ChartContent? {
    let bounds = KnownMetric(metric).bounds(
      of: groups.groups.flatMap { $0 }.compactMap { $0.metrics[metric] }.flatMap {
        [$0.min, $0.max]
      })
    let curves = drawn.enumerated().compactMap { colour, group in
      means.first { $0.metric == metric && $0.group == group }.map { mean in
        (
          colour,
          mean.points().map { point in
            var point = point
            point.lower = max(point.lower, bounds.lowerBound)
            point.upper = min(point.upper, bounds.upperBound)
            return point
          }
        )
      }
    }.filter { !$0.1.isEmpty }
    let all = curves.flatMap(\.1)
    guard let first = all.map(\.step).min(), let last = all.map(\.step).max() else { return nil }
    func line(_ points: [MeanCurve.Point], _ value: (MeanCurve.Point) -> Double) -> [ChartPoint] {
      points.map { ChartPoint(x: Double($0.step), y: value($0)) }
    }
    let chart = LineChart(
      curves.map { line($0.1, \.mean) }, x: ChartScale(steps: first, last), decimals: 1)
    return ChartContent(
      title: metric, description: "mean and 95 % interval",
      summary: "Mean of \(metric) with its 95 % interval, over steps \(first) to \(last), for "
        + curves.map { names[drawn[$0.0]] }.joined(separator: "; "),
      isLog: chart.y.spacing == .log,
      axes: AxesContent(x: chart.x.labelled, y: chart.y.labelled, xTitle: "step"),
      bands: curves.map { colour, points in
        PathContent(
          class: "c\(colour)",
          path: chart.band(from: line(points, \.lower), to: line(points, \.upper)))
      },
      lines: zip(curves, chart.lines).map { curve, line in
        PathContent(class: "c\(curve.0)", path: line.path)
      })
  }
}

extension Sequence where Element: Hashable {
  /// The elements in their order, each once.
  fileprivate func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
