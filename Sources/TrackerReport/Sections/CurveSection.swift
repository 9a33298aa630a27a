import TrackerJSON
import TrackerStore
import TrackerTemplates
import TrackerViews

/// The learning curves of a report: a chart a metric, a path a run.
struct CurveSection {
  /// Colours that are told apart, also by colour-blind readers.
  static let colourCount = 8

  private let charts: [MetricChart]
  private let legend: [LegendContent]
  private let note: String?
  private let drawn: Set<String>
  private let budget: CurveBudget

  init(_ report: ReportView, ranking: [Int64]) {
    let runs = report.runs.map(\.run)
    let colours = Self.colours(ranking)
    var curves: [String: [BucketedCurve]] = [:]
    for curve in report.runs.lazy.flatMap(\.curves) where !curve.buckets.isEmpty {
      curves[curve.metric, default: []].append(curve)
    }
    let budget = CurveBudget(runs, coloured: Set(colours.keys))
    self.budget = budget
    charts = inReadingOrder(metrics: curves.keys).enumerated().map { place, key in
      // What is drawn last lies on top: the coloured ones, the best last.
      let ordered = (curves[key] ?? []).sorted {
        (colours[$0.run] ?? .max) > (colours[$1.run] ?? .max)
      }
      return MetricChart(place, key, ordered, colours: colours, budget: budget)
    }
    drawn = Set(charts.flatMap { chart in chart.drawn.map(chart.element) })
    legend = ranking.compactMap { id in
      guard let colour = colours[id], let run = runs.first(where: { $0.id == id }) else {
        return nil
      }
      return LegendContent(run: String(id), class: "c\(colour)", label: run.shortLabel)
    }
    let uncoloured = runs.count - colours.count
    note =
      uncoloured > 0
      ? "The best \(colours.count) runs are coloured; the other \(counted(uncoloured, "run")) "
        + (uncoloured == 1 ? "is" : "are") + " grey."
      : nil
  }

  /// The colours' numbers of the runs that are drawn in colour: of all while there are enough, else of the best.
  ///
  /// - Parameter ranking: the runs' ids, best first
  static func colours(_ ranking: [Int64]) -> [Int64: Int] {
    let chosen = ranking.count <= colourCount ? ranking : Array(ranking.prefix(6))
    return Dictionary(
      chosen.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  var section: ReportSection? {
    guard !charts.isEmpty else { return nil }
    return ReportSection(
      id: "curves", name: "Curves", title: "Learning curves",
      content: Content(note: note, legend: legend, charts: charts.map(\.content)))
  }

  private struct Content: TemplateContent {
    let note: String?
    let legend: [LegendContent]
    let charts: [MetricChartContent]
  }

  /// What the page's script draws and reads.
  var data: JSONValue {
    var steps = StepTables()
    let charts = charts.map { $0.data(budget, steps: &steps) }
    return .object([
      "frame": ChartFrame.data, "digits": .integer(Int64(budget.digits)),
      "alphabet": .string(String(decoding: CurveCode.alphabet, as: UTF8.self)),
      "steps": .array(steps.tables), "charts": .array(charts),
    ])
  }

  /// The element that draws a run's metric, to be drawn again elsewhere.
  func element(run: Int64, metric: String) -> String? {
    let element = charts.first { $0.key == metric }?.element(of: run)
    return element.flatMap { drawn.contains($0) ? $0 : nil }
  }
}

extension Run {
  /// `12 name`, or `run 12`.
  var shortLabel: String { name.map { "\(id) \($0)" } ?? "run \(id)" }
}
