import TrackerTemplates
import TrackerViews
import TrackerStore

/// What a report says first: what was run, what came out best, what to worry about.
struct OverviewSection {
  private let runs: [Run]
  private let ranking: RankingMetric?
  private let effects: EffectView?
  private let style: TextStyle

  init(_ runs: [Run], ranking: RankingMetric?, effects: EffectView?, _ style: TextStyle) {
    self.runs = runs
    self.ranking = ranking
    self.effects = effects
    self.style = style
  }

  var section: ReportSection {
    ReportSection(
      id: "overview", title: "Overview",
      content: Content(lead: lead, hasTiles: !tiles.isEmpty, tiles: tiles, notices: notices))
  }

  private struct Content: TemplateContent {
    let lead: String
    let hasTiles: Bool
    let tiles: [Tile]
    let notices: [Notice]
  }

  private struct Tile: TemplateContent {
    let name: String
    let value: String
    var `class`: String?
    var link: String?
    var linkText: String?
  }

  private struct Notice: TemplateContent {
    let `class`: String
    let text: String
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
    if let ranking, let best = ranking.ranking(runs).first,
      let value = best.metrics[ranking.key]?.last, runs.count > 1
    {
      let name = metricDescription(ranking.key) ?? ranking.key
      text += " Best final \(name): \(value.readable()), by \(best.label)."
    }
    if let mattered = effects?.effects.first, let share = mattered.share, share >= 0.1 {
      text +=
        " What mattered most was \(mattered.key): \(Int(saturating: (share * 100).rounded())) % of the variance goes with it."
    }
    return text
  }

  private var tiles: [Tile] {
    guard !runs.isEmpty else { return [] }
    var tiles: [Tile] = []
    for key in ["testAccuracy", "cost"] {
      guard let direction = MetricDirection.known(for: key) else { continue }
      let known = runs.filter { $0.metrics[key]?.last.isNaN == false }
      let best = known.min {
        direction.isBetter($0.metrics[key]?.last ?? .nan, than: $1.metrics[key]?.last ?? .nan)
      }
      guard let best, let value = best.metrics[key]?.last else { continue }
      let what = (direction == .maximize ? "best " : "lowest ") + (metricDescription(key) ?? key)
      tiles.append(
        Tile(
          name: what, value: value.readable(), link: "run-\(best.id)", linkText: best.shortLabel))
    }
    let checks = runs.flatMap(\.gradientChecks)
    if !checks.isEmpty {
      let passed = checks.filter(\.passed).count
      tiles.append(
        Tile(
          name: "gradient checks passed", value: "\(passed) of \(checks.count)",
          class: passed == checks.count ? "good" : "bad", link: "checks", linkText: "see them"))
    }
    let seconds = runs.compactMap(\.durationSeconds).reduce(0, +)
    if seconds > 0 { tiles.append(Tile(name: "in all", value: readable(seconds: seconds))) }
    return tiles
  }

  private var notices: [Notice] {
    var notices: [Notice] = []
    func list(_ runs: [Run]) -> String {
      let ids = runs.prefix(8).map { String($0.id) }.joined(separator: ", ")
      return (runs.count == 1 ? "run " : "runs ") + ids + (runs.count > 8 ? ", …" : "")
    }
    let failing = runs.filter { $0.gradientChecks.contains { !$0.passed } }
    if !failing.isEmpty {
      notices.append(
        Notice(class: "bad", text: "✗ The gradient check fails in \(list(failing))."))
    }
    for status in [RunStatus.failed, .crashed, .interrupted] {
      let ended = runs.filter { $0.status == status }
      if !ended.isEmpty {
        let word = status.rawValue.capitalizedFirst
        notices.append(Notice(class: "warning", text: "⚠ \(word): \(list(ended))."))
      }
    }
    if Set(runs.compactMap { $0.dataset?.sha256 }).count > 1 {
      notices.append(
        Notice(
          class: "warning",
          text: "⚠ These runs were trained on different data: their metrics are not comparable."))
    }
    return notices
  }
}

/// What a metric that the trainer records is, in words.
func metricDescription(_ key: String) -> String? {
  switch key {
  case "cost": "cost"
  case "dataCost": "data part of the cost"
  case "penalty": "penalty part of the cost"
  case "trainAccuracy": "training accuracy"
  case "testAccuracy": "held-out accuracy"
  case "testCost": "held-out cost"
  case "gradientNorm": "length of the gradient"
  case "stepLength": "length of the step"
  case "evaluations": "evaluations of the cost so far"
  case "seconds": "seconds since the start"
  case "clampHits": "outputs that the clamp replaced"
  default:
    key.hasPrefix("saturated.")
      ? "saturated units of layer \(key.dropFirst("saturated.".count)), as a share" : nil
  }
}
