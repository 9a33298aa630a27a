import TrackerDrawing
import TrackerViews
import TrackerStore

/// What mattered: how much of the outcome goes with each parameter, the outcome against each, and all of
/// them at once in parallel coordinates.
struct EffectSection {
  private let view: EffectView
  private let outcome: ChartScale
  private var drawn: ArraySlice<EffectView.Effect> { view.effects.prefix(EffectView.drawnLimit) }

  init(_ view: EffectView) {
    self.view = view
    outcome = ChartScale(covering: view.runs.map { view.metric.value(of: $0) }, spacing: .linear)
  }

  var section: ReportSection {
    let key = view.metric.key
    let name = metricDescription(key) ?? key
    var content: [String: Any] = [
      "metric": key, "scatters": drawn.map(scatter), "parallel": parallel,
      "better": view.metric.direction == .maximize ? "higher is better" : "lower is better",
    ]
    let known = view.effects.filter { $0.share != nil }
    if !known.isEmpty {
      content["importance"] = [
        "note":
          "The share of the final \(name)'s variance that goes with the parameter alone (Kelley's "
          + "epsilon squared, over \(counted(view.runs.count, "run"))). What parameters do only together is "
          + "in neither's share, and runs that were not chosen evenly may mislead.",
        "bars": known.prefix(12).map { effect in
          Bar(
            label: effect.key, share: effect.share ?? 0,
            text: (effect.share ?? 0).readable(digits: 2)
          )
          .templateContext
        },
      ]
    }
    return ReportSection(
      id: "effects", name: "What mattered", title: "What mattered", content: content)
  }

  // MARK: One parameter

  private func scatter(_ effect: EffectView.Effect) -> [String: Any] {
    let axis = ParameterAxis(effect.values)
    let dots = zip(view.runs, effect.values).compactMap { run, value -> [String: Any]? in
      guard let across = axis.position(value), let up = outcome.position(view.metric.value(of: run))
      else { return nil }
      return ["run": String(run.id), "path": Self.dot(across, up), "class": quantile(of: run)]
    }
    return [
      "title": effect.key,
      "summary": "\(view.metric.key) against \(effect.key), \(counted(dots.count, "run"))",
      "axes": ChartFrame.context(x: axis.ticks, y: outcome.labelled, xTitle: effect.key),
      "dots": dots,
    ]
  }

  private static func dot(_ across: Double, _ up: Double) -> String {
    Pen(decimals: 0).path([ChartPoint(x: across * LineChart.width, y: (1 - up) * LineChart.height)])
  }

  /// The class of the colour that says how good a run is: `q0`, the worst fifth of the axis, to `q4`, the best.
  private func quantile(of run: Run) -> String {
    let up = outcome.position(view.metric.value(of: run)) ?? 0
    let good = view.metric.direction == .maximize ? up : 1 - up
    return "q\(min(4, Int(good * 5)))"
  }

  // MARK: All parameters

  /// A line a run across an axis for each parameter and, last, the outcome, in a drawing of 1000 × 300.
  private var parallel: [String: Any] {
    let axes = drawn.map { (key: $0.key, axis: ParameterAxis($0.values), values: $0.values) }
    let gap = 880.0 / Double(axes.count)
    func at(_ index: Int) -> Double { 60 + gap * Double(index) }
    func height(_ share: Double) -> Double { 40 + 230 * (1 - share) }
    let lines = view.runs.indices.sorted { a, b in
      // The best are drawn last, on top.
      view.metric.direction.isBetter(
        view.metric.value(of: view.runs[b]), than: view.metric.value(of: view.runs[a]))
    }.compactMap { index -> [String: Any]? in
      let run = view.runs[index]
      let shares =
        axes.map { $0.axis.position($0.values[index]) }
        + [outcome.position(view.metric.value(of: run))]
      guard !shares.contains(nil) else { return nil }
      let points = shares.compactMap { $0 }.enumerated().map {
        ChartPoint(x: at($0), y: height($1))
      }
      return [
        "run": String(run.id), "class": quantile(of: run), "path": Pen(decimals: 0).path(points),
      ]
    }
    func axis(_ index: Int, _ title: String, _ ticks: [ChartScale.Tick]) -> [String: Any] {
      let x = at(index)
      let anchor = index == axes.count ? "end" : "start"
      return [
        "x": x.fixed(1), "titleX": x.fixed(1), "title": title.abbreviated(to: 18),
        "index": String(index),
        "ticks": ticks.map { tick in
          [
            "x": (index == axes.count ? x - 6 : x + 6).fixed(1),
            "y": (height(tick.share) + 4).fixed(1), "label": tick.label, "anchor": anchor,
          ]
        },
      ]
    }
    return [
      "summary": "Parallel coordinates: \(counted(lines.count, "run")) over "
        + axes.map(\.key).joined(separator: ", ") + " and \(view.metric.key)",
      "lines": lines,
      "parallelAxes": axes.indices.map { axis($0, axes[$0].key, axes[$0].axis.ticks) }
        + [axis(axes.count, view.metric.key, outcome.labelled)],
    ]
  }
}
