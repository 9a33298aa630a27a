import TrackerTemplates
import TrackerDrawing
import TrackerViews
import TrackerStore

/// The gradient checks of a report: those that failed with pictures and their diagnosis, those that passed in a
/// table, and how checks of one run went over its epochs.
struct CheckSection {
  private typealias Entry = (item: ReportRun, check: GradientCheckRecord)

  private let report: ReportView
  private let style: TextStyle
  /// Shown whole.
  private let shown: [Entry]
  /// Shown as rows of a table.
  private let passed: [Entry]

  /// Each set of pictures is some 5 to 15 KB.
  private static let pictureLimit = 12
  /// Passed checks look alike: a few are shown whole where nothing failed.
  private static let passedLimit = 2
  private static let rowLimit = 200
  /// Fewer checks of a run are no series.
  private static let leastSeries = 3

  /// The checks whose vectors are drawn, by id.
  static func pictured(in runs: [Run]) -> Set<Int64> {
    let checks = runs.flatMap(\.gradientChecks)
    return Set(wholly(checks) { $0.passed }.prefix(pictureLimit).map(\.id))
  }

  /// Those that failed; where none did, the first few.
  private static func wholly<Check>(_ checks: [Check], passed: (Check) -> Bool) -> [Check] {
    let failed = checks.filter { !passed($0) }
    return failed.isEmpty ? Array(checks.prefix(passedLimit)) : failed
  }

  init(_ report: ReportView, style: TextStyle) {
    self.report = report
    self.style = style
    let all: [Entry] = report.runs.flatMap { item in
      item.run.gradientChecks.map { (item: item, check: $0) }
    }
    shown = Self.wholly(all) { $0.check.passed }
    let whole = Set(shown.map(\.check.id))
    passed = all.filter { !whole.contains($0.check.id) }
  }

  private struct Content: TemplateContent {
    let steps: [ScaleStep]
    let checks: [CheckContent]
    let hasSeries: Bool
    let series: [ChartContent]
    let passed: TableContent?
    let leftOver: String?
  }

  private struct ScaleStep: TemplateContent {
    let level: String
    let label: String
  }

  var section: ReportSection? {
    guard !shown.isEmpty else { return nil }
    let series = report.runs.compactMap(overEpochs)
    let content = Content(
      steps: Self.scaleSteps,
      checks: shown.enumerated().map { index, entry in
        CheckContent(
          entry.item, entry.check, id: "check-\(index)",
          vectors: index < Self.pictureLimit ? entry.item.vectors[entry.check.id] : nil, style)
      },
      hasSeries: !series.isEmpty, series: series, passed: passed.isEmpty ? nil : passedTable,
      leftOver: passed.count > Self.rowLimit
        ? "\(counted(passed.count - Self.rowLimit, "more check")) passed." : nil)
    return ReportSection(id: "checks", title: "Gradient checks", content: content)
  }

  private var passedTable: TableContent {
    let rows = passed.prefix(Self.rowLimit)
    return DataTable(
      columns: [
        .init("run"), .init("moment", title: "when"), .init("step"), .init("derivatives"),
        .init("maxAbsoluteDifference", title: "max |a−n|"),
        .init("maxRelativeDifference", title: "relative"), .init("method"),
        .init("epsilon", title: "ε"),
      ],
      rows: rows.map { item, check in
        [
          .text(item.run.shortLabel), .text(check.moment), .integer(check.step),
          .count(check.checkedCount), .real(check.maxAbsoluteDifference),
          .real(check.maxRelativeDifference), .text(check.method), .real(check.epsilon),
        ]
      }
    ).content(
      caption: "Gradient checks that passed", id: "passed-checks", runs: rows.map(\.item.run.id),
      style: style)
  }

  /// The largest difference of each layer in each check of a run, over epochs.
  private func overEpochs(_ item: ReportRun) -> ChartContent? {
    let checks = item.run.gradientChecks
    guard checks.count >= Self.leastSeries, let first = checks.map(\.step).min(),
      let last = checks.map(\.step).max(), first < last
    else { return nil }
    var names: [String] = []
    for block in checks.flatMap(\.blocks) where !names.contains(block.name) {
      names.append(block.name)
    }
    let lines = names.prefix(CurveSection.colourCount).map { name in
      checks.map { check in
        let differences = check.blocks.filter { $0.name == name }.map(\.maxAbsoluteDifference)
        return ChartPoint(x: Double(check.step), y: differences.max() ?? .nan)
      }
    }
    // A difference of exactly 0 has no place on a logarithmic axis; it is left out.
    let chart = LineChart(
      Array(lines), x: ChartScale(steps: first, last),
      y: ChartScale(covering: lines.joined().map(\.y).filter { $0 > 0 }, spacing: .log),
      decimals: 1)
    return ChartContent(
      title: item.run.label.capitalizedFirst, description: "largest |a − n| by layer",
      summary: "Largest difference by layer over epochs \(first) to \(last)", isLog: true,
      axes: AxesContent(x: chart.x.labelled, y: chart.y.labelled, xTitle: "epoch"),
      lines: chart.lines.enumerated().map { PathContent(class: "c\($0)", path: $1.path) },
      legend: names.prefix(CurveSection.colourCount).enumerated().map {
        LegendContent(class: "c\($0)", label: $1)
      })
  }

  /// The colours of the heat maps, from agreement to disagreement.
  private static var scaleSteps: [ScaleStep] {
    let labels = [0: "0", 1: "1e-12", 4: "1e-9", 7: "1e-6", 10: "1e-3", 13: "≥ 1"]
    return HeatMap.palette.indices.dropLast().map { level in
      ScaleStep(level: String(level), label: labels[level] ?? "")
    }
  }
}
