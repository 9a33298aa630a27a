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

  var section: ReportSection? {
    guard !shown.isEmpty else { return nil }
    var content: [String: Any] = [
      "steps": Self.scaleSteps,
      "checks": shown.enumerated().map { index, entry in
        Self.context(
          entry.item, entry.check, id: "check-\(index)",
          vectors: index < Self.pictureLimit ? entry.item.vectors[entry.check.id] : nil, style)
      },
    ]
    let series = report.runs.compactMap(overEpochs)
    content["hasSeries"] = !series.isEmpty
    content["series"] = series
    if !passed.isEmpty { content["passed"] = passedTable }
    if passed.count > Self.rowLimit {
      content["leftOver"] = "\(counted(passed.count - Self.rowLimit, "more check")) passed."
    }
    return ReportSection(id: "checks", title: "Gradient checks", content: content)
  }

  private var passedTable: [String: Any] {
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
    ).templateContext(
      caption: "Gradient checks that passed", id: "passed-checks", runs: rows.map(\.item.run.id),
      style: style)
  }

  /// The largest difference of each layer in each check of a run, over epochs.
  private func overEpochs(_ item: ReportRun) -> [String: Any]? {
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
    return [
      "title": item.run.label.capitalizedFirst, "description": "largest |a − n| by layer",
      "isLog": true, "left": "",
      "summary": "Largest difference by layer over epochs \(first) to \(last)",
      "legend": names.prefix(CurveSection.colourCount).enumerated().map {
        ["class": "c\($0)", "label": $1]
      },
      "axes": ChartFrame.context(x: chart.x.labelled, y: chart.y.labelled, xTitle: "epoch"),
      "lines": chart.lines.enumerated().map { ["class": "c\($0)", "path": $1.path] },
    ]
  }

  private static func context(
    _ item: ReportRun, _ check: GradientCheckRecord, id: String,
    vectors: GradientCheckRecord.Vectors?, _ style: TextStyle
  ) -> [String: Any] {
    let label = item.run.label.capitalizedFirst
    var context: [String: Any] = [
      "id": id, "run": String(item.run.id), "label": label,
      "class": check.passed ? "good" : "bad",
      "verdict": check.verdict, "circumstances": check.circumstances,
      "table": check.blockTable(exact: false).templateContext(
        caption: "Gradient check of \(label), by block", style: style),
    ]
    if !check.passed, !check.worst.isEmpty {
      context["worst"] = check.worstTable.templateContext(
        caption: "Worst entries of the check of \(label)", style: style)
    }
    // The diagnosis belongs to what failed; a run is diagnosed once.
    let isFirstOfRun = item.run.gradientChecks.first { $0.passed == check.passed } == check
    context["findings"] = isFirstOfRun ? item.findings.map(\.templateContext) : []
    if let vectors {
      let maps = HeatMap.maps(of: check, vectors)
      context["hasPictures"] = true
      context["maps"] = maps.map(\.templateContext)
      context["agreement"] = AgreementPlot(vectors, check: check).templateContext
    }
    return context
  }

  /// The colours of the heat maps, from agreement to disagreement.
  private static var scaleSteps: [[String: Any]] {
    let labels = [0: "0", 1: "1e-12", 4: "1e-9", 7: "1e-6", 10: "1e-3", 13: "≥ 1"]
    return HeatMap.palette.indices.dropLast().map { level in
      ["level": String(level), "label": labels[level] ?? ""]
    }
  }
}

extension HeatMap {
  fileprivate var templateContext: [String: Any] {
    let scale = max(2, min(8, 400 / picture.width))
    return [
      "name": name,
      "axes": isTransposed
        ? "\(rows) inputs across (the first is the bias), \(columns) units down"
        : "\(columns) units across, \(rows) inputs down (the first is the bias)",
      "url": picture.dataURL,
      "width": String(picture.width * scale),
      // A layer of few units would be a thin strip: its cells are drawn higher than wide.
      "height": String(max(picture.height * scale, min(96, picture.height * 12))),
      "alt": "Heat map of the differences in \(name), \(rows) by \(columns); "
        + "the table above has the numbers",
    ]
  }
}

extension AgreementPlot {
  fileprivate var templateContext: [String: Any] {
    let positions = scale.ticks.compactMap { tick in
      scale.position(tick).map { (label: tick.readable(digits: 6), share: $0) }
    }
    return [
      "axes": notFiniteCount > 0 ? "\(grouped(notFiniteCount)) not finite, left out" : "",
      "url": picture.dataURL,
      "alt": "Analytic against numerical derivatives: points off the diagonal disagree",
      "xTicks": positions.map {
        ["at": (44 + 180 * $0.share).fixed(1), "label": $0.label] as [String: Any]
      },
      "yTicks": positions.map {
        let at = 8 + 180 * (1 - $0.share)
        return ["at": at.fixed(1), "textAt": (at + 4).fixed(1), "label": $0.label]
          as [String: Any]
      },
    ]
  }
}

extension DiagnosisView.Finding {
  fileprivate var templateContext: [String: Any] {
    var context: [String: Any] = [
      "summary": summary, "cause": cause, "evidence": evidence,
      "likelihood": "\(Int((max(0, min(1, likelihood)) * 100).rounded())) %",
    ]
    if !confirm.isEmpty { context["confirm"] = confirm }
    return context
  }
}
