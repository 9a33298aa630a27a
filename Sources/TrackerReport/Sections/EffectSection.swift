import TrackerJSON
import TrackerTemplates
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

  private struct Content: TemplateContent {
    let metric: String
    let name: String
    let better: String
    let importance: BarsContent?
    let scatters: [ChartContent]
    let parallel: ParallelContent
  }

  private struct ParallelContent: TemplateContent {
    struct Axis: TemplateContent {
      let index: String
      let x: String
      let title: String
      let ticks: [Tick]
    }

    struct Tick: TemplateContent {
      let x: String
      let y: String
      let label: String
      let anchor: String
    }

    let summary: String
    let lines: [PathContent]
    let parallelAxes: [Axis]
  }

  var section: ReportSection {
    let key = view.metric.key
    let name = KnownMetric(key).title
    let known = view.effects.filter { $0.share != nil }
    let importance = BarsContent(
      note:
        "The share of the variance of the final \(name) that each parameter explains on its own: Kelley's epsilon squared, "
        + "from 0 to 1. What parameters do only together counts for none of them. Runs that do not cover the parameters "
        + "evenly can mislead.",
      basis: "of \(counted(view.runs.count, "run"))\(view.isRanked ? ", by their ranks" : "")",
      bars: known.prefix(12).map { effect in
        Bar(
          label: effect.key, share: effect.share ?? 0, text: (effect.share ?? 0).readable(digits: 2)
        )
      })
    return ReportSection(
      id: "effects", name: "What mattered", title: "What mattered",
      content: Content(
        metric: key, name: name,
        better: view.metric.direction == .maximize ? "higher is better" : "lower is better",
        importance: known.isEmpty ? nil : importance,
        scatters: drawn.enumerated().map { scatter($1, place: $0) },
        parallel: parallel))
  }

  /// What the page's script needs to draw the effects on another metric, or of fewer runs: of each parameter its place
  /// across in each run, and which runs are alike.
  var data: JSONValue {
    .object([
      "runs": .array(view.runs.map { .string(String($0.id)) }),
      "parameters": .array(
        view.effects.enumerated().map { index, effect in
          let axis = ParameterAxis(effect.values)
          // Numbered as they come, so that a store always makes the same page.
          var places: [ParameterValue?: Int] = [:]
          let alike = effect.values.map { value in
            let place = places[value] ?? places.count
            places[value] = place
            return JSONValue.integer(place)
          }
          return .object([
            "key": .string(effect.key), "drawn": .boolean(index < EffectView.drawnLimit),
            "interval": .boolean(effect.isInterval),
            "across": .array(
              effect.values.map { value in
                .number(axis.position(value).map { ($0 * 10_000).rounded() / 10_000 })
              }),
            "alike": .array(alike),
          ])
        }),
    ])
  }

  // MARK: One parameter

  private func scatter(_ effect: EffectView.Effect, place: Int) -> ChartContent {
    let axis = ParameterAxis(effect.values)
    let dots = zip(view.runs, effect.values).compactMap { run, value -> PathContent? in
      guard let across = axis.position(value), let up = outcome.position(view.metric.value(of: run))
      else { return nil }
      return PathContent(
        run: String(run.id), class: quantile(of: run), path: Self.dot(across, up))
    }
    return ChartContent(
      title: effect.key,
      summary: "\(view.metric.key) against \(effect.key), \(counted(dots.count, "run"))",
      axes: AxesContent(
        x: axis.ticks(total: ChartFrame.charactersAcross), y: outcome.labelled, xTitle: effect.key),
      dots: dots,
      effect: String(place))
  }

  private static func dot(_ across: Double, _ up: Double) -> String {
    Pen(decimals: 0).path([ChartPoint(x: across * LineChart.width, y: (1 - up) * LineChart.height)])
  }

  /// The class of the colour that says how good a run is: `q0`, the worst fifth of the axis, to `q4`, the best.
  private func quantile(of run: Run) -> String {
    let up = outcome.position(view.metric.value(of: run)) ?? 0
    let good = view.metric.direction == .maximize ? up : 1 - up
    return "q\(min(4, Int(saturating: good * 5)))"
  }

  // MARK: All parameters

  /// A line for each run across an axis for each parameter and, last, the outcome, in a drawing of 1000 × 300.
  private var parallel: ParallelContent {
    let axes = drawn.map { (key: $0.key, axis: ParameterAxis($0.values), values: $0.values) }
    let gap = 880.0 / Double(axes.count)
    // Characters of a title or a name between two axes.
    let room = min(18, Int(gap / 8.5))
    func at(_ index: Int) -> Double { 60 + gap * Double(index) }
    func height(_ share: Double) -> Double { 40 + 230 * (1 - share) }
    let lines = view.runs.indices.sorted { a, b in
      // The best are drawn last, on top.
      view.metric.direction.isBetter(
        view.metric.value(of: view.runs[b]), than: view.metric.value(of: view.runs[a]))
    }.compactMap { index -> PathContent? in
      let run = view.runs[index]
      let shares =
        axes.map { $0.axis.position($0.values[index]) }
        + [outcome.position(view.metric.value(of: run))]
      guard !shares.contains(nil) else { return nil }
      let points = shares.compactMap { $0 }.enumerated().map {
        ChartPoint(x: at($0), y: height($1))
      }
      return PathContent(
        run: String(run.id), class: quantile(of: run), path: Pen(decimals: 0).path(points))
    }
    func axis(_ index: Int, _ title: String, _ ticks: [ChartScale.Tick]) -> ParallelContent.Axis {
      let x = at(index)
      let isLast = index == axes.count
      return ParallelContent.Axis(
        index: String(index), x: x.fixed(1), title: title.abbreviated(to: room),
        ticks: ticks.map { tick in
          ParallelContent.Tick(
            x: (isLast ? x - 6 : x + 6).fixed(1), y: (height(tick.share) + 4).fixed(1),
            label: tick.label, anchor: isLast ? "end" : "start")
        })
    }
    return ParallelContent(
      summary: "Parallel coordinates: \(counted(lines.count, "run")) over "
        + axes.map(\.key).joined(separator: ", ") + " and \(view.metric.key)",
      lines: lines,
      parallelAxes: axes.indices.map { axis($0, axes[$0].key, axes[$0].axis.ticks(width: room)) }
        + [axis(axes.count, view.metric.key, outcome.labelled)])
  }
}
