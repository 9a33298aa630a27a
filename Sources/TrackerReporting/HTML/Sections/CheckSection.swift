import TrackerStore

/// The gradient checks of a report, failed ones first, with pictures as far as the size allows.
struct CheckSection {
  private let checks: [[String: Any]]
  private let leftOver: String?

  /// Each picture set is some 5 to 15 KB.
  private static let pictureLimit = 12
  /// Passed checks are listed with their run; beyond these few they only fill the page.
  private static let passedLimit = 12

  init(_ report: ReportView, style: TextStyle) {
    let all = report.runs.flatMap { item in
      item.run.gradientChecks.map { (item: item, check: $0) }
    }
    let ordered = all.filter { !$0.check.passed } + all.filter(\.check.passed)
    let failedCount = all.filter { !$0.check.passed }.count
    let shown = ordered.prefix(failedCount + Self.passedLimit)
    checks = shown.enumerated().map { index, entry in
      Self.context(
        entry.item, entry.check, id: "check-\(index)",
        vectors: index < Self.pictureLimit ? entry.item.vectors[entry.check.id] : nil, style)
    }
    leftOver =
      shown.count < ordered.count
      ? "\(counted(ordered.count - shown.count, "more check")) passed: see each run." : nil
  }

  var section: ReportSection? {
    guard !checks.isEmpty else { return nil }
    var content: [String: Any] = ["checks": checks, "steps": Self.scaleSteps]
    if let leftOver { content["leftOver"] = leftOver }
    return ReportSection(id: "checks", title: "Gradient checks", content: content)
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
