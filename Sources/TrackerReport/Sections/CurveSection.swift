import TrackerDrawing
import TrackerJSON
import TrackerOptimization
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

  /// - Parameters:
  ///   - ranking: the runs' ids, best first
  ///   - threads: the most that draw at the same time, each a chart
  init(_ report: ReportView, ranking: [Int64], labels: RunLabels, threads: Int = 1) {
    let runs = report.runs.map(\.run)
    let colours = Self.colours(ranking)
    var curves: [String: [BucketedCurve]] = [:]
    for curve in report.runs.lazy.flatMap(\.curves) where !curve.buckets.isEmpty {
      curves[curve.metric, default: []].append(curve)
    }
    let budget = CurveBudget(runs, coloured: Set(colours.keys))
    self.budget = budget
    let known = curves
    charts = inParallel(
      over: Array(inReadingOrder(metrics: curves.keys).enumerated()), threads: threads
    ) { place, key in
      // What is drawn last lies on top: the coloured ones, the best last.
      let ordered = (known[key] ?? []).sorted {
        (colours[$0.run] ?? .max) > (colours[$1.run] ?? .max)
      }
      return MetricChart(place, key, ordered, colours: colours, budget: budget)
    }
    drawn = Set(charts.flatMap { chart in chart.drawn.map(chart.element) })
    legend = ranking.compactMap { id in
      guard let colour = colours[id], let run = runs.first(where: { $0.id == id }) else {
        return nil
      }
      let value = report.ranking.flatMap { run.metrics[$0.key]?.last.readable() }
      return LegendContent(
        run: String(id), class: "c\(colour)", label: labels[run], value: value)
    }
    let uncoloured = runs.count - colours.count
    note =
      uncoloured > 0
      ? "The best \(colours.count) runs are coloured; the other \(counted(uncoloured, "run")) "
        + (uncoloured == 1 ? "is" : "are") + " grey"
        + (uncoloured > CrowdBand.leastCurves
          ? ": bands show where the middle 80 % and the middle half of them are." : ".")
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
      content: Content(note: note, legend: legend, parts: parts))
  }

  private struct Content: TemplateContent {
    let note: String?
    let legend: [LegendContent]
    let parts: [Part]
  }

  /// The charts of metrics whose names start alike: `train/loss` and `train/acc`.
  private struct Part: TemplateContent {
    let name: String
    let isNamed: Bool
    let charts: [MetricChartContent]
  }

  private var parts: [Part] {
    func prefix(_ chart: MetricChart) -> String {
      chart.key.lastIndex(of: "/").map { String(chart.key[..<$0]) } ?? ""
    }
    var names: [String] = []
    for chart in charts where !names.contains(prefix(chart)) { names.append(prefix(chart)) }
    return names.map { name in
      Part(
        name: name.isEmpty ? "Others" : name, isNamed: names.count > 1,
        charts: charts.filter { prefix($0) == name }.map { $0.content() })
    }
  }

  /// The chart of one metric, to be shown elsewhere as well, with the legend; `nil` where there is none.
  func repeated(_ metric: String?) -> MetricChartContent? {
    charts.first { $0.key == metric }?.content(isRepeated: true)
  }

  /// The runs that are drawn in colour, best first, as a legend names them.
  var colouredRuns: [LegendContent] { legend }

  /// What the page's script draws and reads.
  var data: JSONValue {
    var (steps, times) = (StepTables(), TimeTables())
    let charts = charts.map { $0.data(steps: &steps, times: &times) }
    return .object([
      "frame": ChartFrame.data, "digits": .integer(budget.digits),
      "bandDigits": .integer(budget.bandDigits),
      "alphabet": .string(String(decoding: NumberCode.alphabet, as: UTF8.self)),
      "steps": .array(steps.tables), "times": .array(times.tables), "charts": .array(charts),
    ])
  }

  /// The element that draws a run's metric, to be drawn again elsewhere.
  func element(run: Int64, metric: String) -> String? {
    let element = charts.first { $0.key == metric }?.element(of: run)
    return element.flatMap { drawn.contains($0) ? $0 : nil }
  }
}
