import TrackerDrawing
import TrackerStore
import TrackerTemplates
import TrackerViews

/// A gradient check that is shown whole, as the template `checks` wants it.
struct CheckContent: TemplateContent {
  let id: String
  let run: String
  let label: String
  let alike: Alike?
  let `class`: String
  let verdict: String
  let circumstances: String
  let table: TableContent
  let worst: TableContent?
  let findings: [Finding]
  let hasPictures: Bool
  let maps: [Map]
  let agreement: Agreement?

  init(
    _ item: ReportRun, _ check: GradientCheckRecord, id: String,
    vectors: GradientCheckRecord.Vectors?, alike: Alike?, _ style: TextStyle
  ) {
    self.id = id
    self.alike = alike
    run = String(item.run.id)
    label = item.run.label.capitalizedFirst
    `class` = check.passed ? "good" : "bad"
    verdict = check.verdict
    circumstances = check.circumstances
    table = check.blockTable(exact: false).content(
      caption: "Gradient check of \(label), by block", style: style)
    worst =
      check.passed || check.worst.isEmpty
      ? nil
      : check.worstTable.content(
        caption: "Worst entries of the check of \(label)", style: style)
    // The diagnosis belongs to what failed; a run is diagnosed once.
    let isFirstOfRun = item.run.gradientChecks.first { $0.passed == check.passed } == check
    findings = isFirstOfRun || alike != nil ? item.findings.map(Finding.init) : []
    hasPictures = vectors != nil
    maps = vectors.map { HeatMap.maps(of: check, $0).map(Map.init) } ?? []
    agreement = vectors.map { Agreement(AgreementPlot($0, check: check)) }
  }

  /// What the checks of several runs have in common, of which this one is shown.
  struct Alike: TemplateContent {
    let title: String
    let table: TableContent
  }

  /// A layer's differences as a picture.
  struct Map: TemplateContent {
    let name: String
    let axes: String
    let url: String
    let width: String
    let height: String
    let alt: String

    init(_ map: HeatMap) {
      let (rows, columns, picture) = (map.rows, map.columns, map.picture)
      let scale = max(2, min(8, 400 / picture.width))
      name = map.name
      axes =
        map.isTransposed
        ? "\(rows) inputs across (the first is the bias), \(columns) units down"
        : "\(columns) units across, \(rows) inputs down (the first is the bias)"
      url = picture.dataURL
      width = String(picture.width * scale)
      // A layer of few units would be a thin strip: its cells are drawn higher than wide.
      height = String(max(picture.height * scale, min(96, picture.height * 12)))
      alt =
        "Heat map of the differences in \(name), \(rows) by \(columns); the table above has the numbers"
    }
  }

  /// Both derivatives against each other.
  struct Agreement: TemplateContent {
    let axes: String
    let url: String
    let alt: String
    let xTicks: [AxesContent.Tick]
    let yTicks: [AxesContent.Tick]

    init(_ plot: AgreementPlot) {
      axes =
        plot.notFiniteCount > 0 ? "\(grouped(plot.notFiniteCount)) not finite, left out" : ""
      url = plot.picture.dataURL
      alt = "Analytic against numerical derivatives: points off the diagonal disagree"
      let positions = plot.scale.ticks.compactMap { tick in
        plot.scale.position(tick).map { (label: tick.readable(digits: 6), share: $0) }
      }
      xTicks = positions.map {
        let at = (44 + 180 * $0.share).fixed(1)
        return .init(at: at, textAt: at, label: $0.label)
      }
      yTicks = positions.map {
        let at = 8 + 180 * (1 - $0.share)
        return .init(at: at.fixed(1), textAt: (at + 4).fixed(1), label: $0.label)
      }
    }
  }

  /// A likely cause.
  struct Finding: TemplateContent {
    let cause: String
    let likelihood: String
    let summary: String
    let evidence: [String]
    let confirm: String?

    init(_ finding: DiagnosisView.Finding) {
      cause = finding.cause
      likelihood = "\(Int(saturating: (max(0, min(1, finding.likelihood)) * 100).rounded())) %"
      summary = finding.summary
      evidence = finding.evidence
      confirm = finding.confirm.isEmpty ? nil : finding.confirm
    }
  }
}
