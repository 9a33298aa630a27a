import TrackerTemplates
import TrackerDrawing
import TrackerJSON
import TrackerViews
import TrackerStore

/// The learning curves of a report: a chart a metric, a path a run.
struct CurveSection {
  /// Colours that are told apart, also by colour-blind readers.
  static let colourCount = 8

  private let charts: [MetricChartContent]
  private let legend: [LegendContent]
  private let note: String?
  /// The metrics' places, of which the elements' names are made.
  private let places: [String: Int]
  private let drawn: Set<String>

  init(_ report: ReportView, ranking: [Int64]) {
    let runs = report.runs.map(\.run)
    let colours = Self.colours(runs.map(\.id), ranking: ranking)
    var curves: [String: [MetricCurve]] = [:]
    for curve in report.runs.lazy.flatMap(\.curves) where !curve.points.isEmpty {
      curves[curve.metric, default: []].append(curve)
    }
    let keys = inReadingOrder(metrics: curves.keys)
    let budget = CurveBudget(runs)
    var charts: [MetricChartContent] = []
    var drawn: Set<String> = []
    for (index, key) in keys.enumerated() {
      // What is drawn last lies on top: the coloured ones.
      let ordered = (curves[key] ?? []).sorted {
        (colours[$0.run] == nil ? 0 : 1) < (colours[$1.run] == nil ? 0 : 1)
      }
      let chart = MetricChart(key, ordered, budget: budget)
      for (curve, line) in zip(ordered, chart.lines) where !line.path.isEmpty {
        drawn.insert(Self.element(curve.run, index))
      }
      charts.append(
        chart.content { run in (Self.element(run, index), colours[run].map { "c\($0)" }) })
    }
    self.charts = charts
    self.drawn = drawn
    places = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
    legend = runs.compactMap { run in
      colours[run.id].map { colour in
        LegendContent(run: String(run.id), class: "c\(colour)", label: run.shortLabel)
      }
    }
    let uncoloured = runs.count - colours.count
    note =
      uncoloured > 0
      ? "The best \(colours.count) runs are coloured; the other \(counted(uncoloured, "run")) "
        + (uncoloured == 1 ? "is" : "are") + " drawn in grey."
      : nil
  }

  var section: ReportSection? {
    guard !charts.isEmpty else { return nil }
    return ReportSection(
      id: "curves", name: "Curves", title: "Learning curves",
      content: Content(note: note, legend: legend, charts: charts))
  }

  private struct Content: TemplateContent {
    let note: String?
    let legend: [LegendContent]
    let charts: [MetricChartContent]
  }

  /// The element that draws a run's metric, to be drawn again elsewhere.
  func element(run: Int64, metric: String) -> String? {
    let element = places[metric].map { Self.element(run, $0) }
    return element.flatMap { drawn.contains($0) ? $0 : nil }
  }

  private static func element(_ run: Int64, _ metric: Int) -> String { "c\(run)-\(metric)" }

  /// A colour for each run while there are enough, else for the best.
  private static func colours(_ runs: [Int64], ranking: [Int64]) -> [Int64: Int] {
    let chosen = runs.count <= colourCount ? runs : Array(ranking.prefix(6))
    return Dictionary(
      chosen.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

/// A metric over epochs, a line a run.
private struct MetricChart {
  private let key: String
  private let curves: [MetricCurve]
  private let chart: LineChart
  var lines: [LineChart.Line] { chart.lines }

  init(_ key: String, _ curves: [MetricCurve], budget: CurveBudget) {
    self.key = key
    self.curves = curves
    let first = curves.compactMap { $0.points.first?.step }.min() ?? 0
    let last = curves.compactMap { $0.points.last?.step }.max() ?? 1
    chart = LineChart(
      curves.map { $0.points.map { ChartPoint(x: Double($0.step), y: $0.value) } },
      x: ChartScale(steps: first, last), pointLimit: budget.pointLimit, decimals: budget.decimals)
  }

  /// - Parameter look: the element's name for a run's line, and its colour
  func content(_ look: (Int64) -> (id: String, colour: String?)) -> MetricChartContent {
    let (x, y) = (chart.x, chart.y)
    let gaps = lines.reduce(0) { $0 + $1.gapCount }
    return MetricChartContent(
      metric: key, description: metricDescription(key).map { $0 == key ? "" : $0 } ?? "",
      isLog: y.spacing == .log, spacing: y.spacing.rawValue,
      firstStep: String(Int64(saturating: x.lower)),
      lastStep: String(Int64(saturating: x.upper)), lower: y.lower.exactText,
      upper: y.upper.exactText,
      summary:
        "\(key) over epochs \(Int64(saturating: x.lower)) to \(Int64(saturating: x.upper)) for "
        + "\(counted(curves.count, "run")); from \(y.lower.readable()) to \(y.upper.readable())",
      axes: AxesContent(x: x.labelled, y: y.labelled, xTitle: "epoch"),
      lines: zip(curves, lines).filter { !$1.path.isEmpty }.map { curve, line in
        let (id, colour) = look(curve.run)
        return PathContent(id: id, class: colour, path: line.path)
      },
      gaps: gaps > 0
        ? "\(counted(gaps, "value")) that \(gaps == 1 ? "is" : "are") NaN, infinite"
          + (y.spacing == .log ? " or not positive" : "") + " left out" : nil)
  }
}

/// What fills the template `metric-chart`.
private struct MetricChartContent: TemplateContent {
  let metric: String
  let description: String
  let isLog: Bool
  let spacing: String
  let firstStep: String
  let lastStep: String
  let lower: String
  let upper: String
  let summary: String
  let axes: AxesContent
  let lines: [PathContent]
  let gaps: String?
}

extension Run {
  /// `12 name`, or `run 12`.
  var shortLabel: String { name.map { "\(id) \($0)" } ?? "run \(id)" }
}
