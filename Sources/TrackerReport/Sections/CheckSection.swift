import TrackerTemplates
import TrackerDrawing
import TrackerViews
import TrackerStore

/// The gradient checks of a report: those that failed with pictures and their diagnosis, those that passed in a
/// table, and how checks of one run went over its steps.
struct CheckSection {
  private typealias Entry = (item: ReportRun, check: GradientCheckRecord)

  private let report: ReportView
  private let labels: RunLabels
  private let style: TextStyle
  /// Shown whole.
  private let shown: [Entry]
  /// Shown as rows of a table.
  private let passed: [Entry]

  /// Each set of pictures is some 5 to 15 KB.
  private static let cardLimit = 12
  /// Passed checks look alike: a few are shown whole where nothing failed.
  private static let passedLimit = 2
  private static let rowLimit = 200
  /// Fewer checks of a run are not series.
  private static let leastSeries = 3

  /// The checks whose vectors may be drawn, by id.
  static func pictured(in runs: [Run]) -> Set<Int64> {
    let checks = runs.flatMap(\.gradientChecks)
    return Set(wholly(checks) { $0.passed }.map(\.id))
  }

  /// Those that failed; where none did, the first few.
  private static func wholly<Check>(_ checks: [Check], passed: (Check) -> Bool) -> [Check] {
    let failed = checks.filter { !passed($0) }
    return failed.isEmpty ? Array(checks.prefix(passedLimit)) : failed
  }

  init(_ report: ReportView, labels: RunLabels, style: TextStyle) {
    self.report = report
    self.labels = labels
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
      checks: cards.prefix(Self.cardLimit).enumerated().map { index, card in
        let (item, check) = card[0]
        return CheckContent(
          item, check, id: "check-\(index)", vectors: item.vectors[check.id],
          alike: alike(card), style)
      },
      hasSeries: !series.isEmpty, series: series, passed: passed.isEmpty ? nil : passedTable,
      leftOver: passed.count > Self.rowLimit
        ? "\(counted(passed.count - Self.rowLimit, "more check")) passed."
        : cards.count > Self.cardLimit
          ? "\(counted(cards.count - Self.cardLimit, "more cause")) in other runs: tracker diagnose tells them."
          : nil)
    return ReportSection(id: "checks", title: "Gradient checks", content: content)
  }

  /// The checks that are shown, those of one cause together, the worst first; where none failed, each by itself.
  private var cards: [[Entry]] {
    func size(_ entry: Entry) -> Double {
      let size = entry.check.maxAbsoluteDifference
      return size.isFinite ? size : .infinity
    }
    guard shown.contains(where: { !$0.check.passed }) else { return shown.map { [$0] } }
    let cards = Dictionary(grouping: shown) { $0.item.findings.first?.cause ?? "" }.values
    return cards.map { card in
      // The one that is drawn stands for all.
      card.sorted { a, b in
        let drawn = [a, b].map { $0.item.vectors[$0.check.id] != nil }
        return drawn[0] == drawn[1] ? size(a) > size(b) : drawn[0]
      }
    }.sorted { size($0[0]) > size($1[0]) }
  }

  /// What a card of several checks says of them all; `nil` of one check.
  private func alike(_ card: [Entry]) -> CheckContent.Alike? {
    guard card.count > 1, !card[0].check.passed else { return nil }
    let runs = Set(card.map(\.item.run.id)).count
    let finding = card[0].item.findings.first
    let checks = runs == card.count ? "" : ", \(counted(card.count, "check"))"
    return CheckContent.Alike(
      title: "\(counted(runs, "run"))\(checks), "
        + (finding.map { "same cause: \($0.summary.firstSentence)" } ?? "no cause found"),
      table: table(
        of: card.prefix(Self.rowLimit), caption: "Gradient checks that fail alike", id: nil))
  }

  private var passedTable: TableContent {
    table(
      of: passed.prefix(Self.rowLimit), caption: "Gradient checks that passed", id: "passed-checks")
  }

  private func table(of rows: ArraySlice<Entry>, caption: String, id: String?) -> TableContent {
    DataTable(
      columns: [
        .init("run"), .init("moment", title: "when"), .init("step"), .init("derivatives"),
        .init("maxAbsoluteDifference", title: "max |a−n|"),
        .init("maxRelativeDifference", title: "relative"), .init("method"),
        .init("epsilon", title: "ε"),
      ],
      rows: rows.map { item, check in
        [
          .text(labels[item.run]), .text(check.moment), .integer(check.step),
          .count(check.checkedCount), .real(check.maxAbsoluteDifference),
          .real(check.maxRelativeDifference), .text(check.method), .real(check.epsilon),
        ]
      }
    ).content(caption: caption, id: id, runs: rows.map(\.item.run.id), style: style)
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
      summary: "Largest difference by layer over steps \(first) to \(last)", isLog: true,
      axes: AxesContent(x: chart.x.labelled, y: chart.y.labelled, xTitle: "step"),
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
