import TrackerTemplates
import TrackerViews

/// Groups as rows of dots with the interval of their mean, the best on top, over one scale: what fills the template
/// `intervals`.
struct IntervalsContent: TemplateContent {
  struct Row: TemplateContent {
    let name: String
    let value: String
    let detail: String
    let interval: String?
    let dots: String
    let mean: String
  }

  struct Tick: TemplateContent {
    let at: String
    let label: String
  }

  let summary: String
  let rows: [Row]
  let ticks: [Tick]

  /// Of more groups only the best are drawn; the table has all.
  private static let rowLimit = 40

  init(_ view: GroupView) {
    let shown = Array(view.groups.prefix(Self.rowLimit))
    let values = shown.flatMap { group in
      group.sample.values
        + (group.interval.map { [$0.range.lowerBound, $0.range.upperBound] } ?? [])
    }
    let scale = ChartScale(covering: values.filter(\.isFinite), spacing: .linear)
    func at(_ value: Double) -> Double { 30 + 940 * (scale.position(value) ?? 0) }
    func place(_ value: Double) -> String { at(value).fixed(0) }
    summary = "The mean of \(view.metric) in each group with its 95 % interval, best first"
    ticks = scale.labelled.map {
      Tick(at: (30 + 940 * $0.share).fixed(0), label: $0.label)
    }
    rows = shown.map { group in
      let range = group.interval?.range
      let count = counted(group.sample.values.count, "run")
      return Row(
        name: group.settings.isEmpty ? "all runs" : group.name,
        value: group.sample.mean.readable(),
        detail: range.map {
          "\($0.lowerBound.readable(digits: 3)) to \($0.upperBound.readable(digits: 3)), \(count)"
        } ?? count,
        interval: range.map { "M\(place($0.lowerBound)) 12H\(place($0.upperBound))" },
        dots: group.sample.values.map { "M\(place($0)) 12h0" }.joined(),
        mean: "M\(place(group.sample.mean)) 5v14")
    }
  }
}
