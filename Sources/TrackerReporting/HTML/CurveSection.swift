import TrackerStore

/// The learning curves of a report: a chart a metric, a path a run.
struct CurveSection {
  let charts: [[String: Any]]
  let legend: [[String: Any]]
  let note: String?
  /// The element that draws a run's metric.
  private let elements: [String: String]

  /// Colours that are told apart, also by colour-blind readers.
  static let colourCount = 8
  /// What all paths together may take: with it 100 runs of 1,000 epochs stay well under 1 MB.
  private static let byteBudget = 420_000
  private static let bytesPerPoint = 6

  init(_ report: ReportView, ranking: [Int64]) {
    let runs = report.runs.map(\.run)
    let colours = Self.colours(runs.map(\.id), ranking: ranking)
    var curves: [String: [MetricCurve]] = [:]
    for curve in report.runs.lazy.flatMap(\.curves) where !curve.points.isEmpty {
      curves[curve.metric, default: []].append(curve)
    }
    let keys = inReadingOrder(metrics: curves.keys)
    let count = curves.values.reduce(0) { $0 + $1.count }
    // Five hundred points are as many as a chart can show.
    let limit = max(24, min(500, Self.byteBudget / Self.bytesPerPoint / max(1, count)))
    var charts: [[String: Any]] = []
    var elements: [String: String] = [:]
    for (index, key) in keys.enumerated() {
      // What is drawn last lies on top: the coloured ones.
      let drawn = (curves[key] ?? []).sorted {
        (colours[$0.run] == nil ? 0 : 1) < (colours[$1.run] == nil ? 0 : 1)
      }
      let chart = LineChart(drawn, pointLimit: limit)
      for series in chart.series where !series.path.isEmpty {
        elements["\(series.run) \(key)"] = "c\(series.run)-\(index)"
      }
      charts.append(
        chart.templateContext(metric: key, index: index) { run in
          colours[run].map { "c\($0)" } ?? "rest"
        })
    }
    self.charts = charts
    self.elements = elements
    legend = runs.compactMap { run in
      colours[run.id].map { colour in
        ["run": String(run.id), "class": "c\(colour)", "label": run.shortLabel]
      }
    }
    let uncoloured = runs.count - colours.count
    note =
      uncoloured > 0
      ? "The best \(colours.count) runs are coloured; the other \(counted(uncoloured, "run")) "
        + (uncoloured == 1 ? "is" : "are") + " drawn in grey."
      : nil
  }

  func element(run: Int64, metric: String) -> String? { elements["\(run) \(metric)"] }

  /// A colour for each run while there are enough, else for the best.
  private static func colours(_ runs: [Int64], ranking: [Int64]) -> [Int64: Int] {
    let chosen = runs.count <= colourCount ? runs : Array(ranking.prefix(6))
    return Dictionary(
      chosen.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

extension LineChart {
  fileprivate func templateContext(
    metric: String, index: Int, colour: (Int64) -> String
  ) -> [String: Any] {
    let gaps = series.reduce(0) { $0 + $1.gapCount }
    var context: [String: Any] = [
      "metric": metric,
      "description": metricDescription(metric) ?? "",
      "isLog": y.spacing == .log,
      "spacing": y.spacing.rawValue,
      "firstStep": String(Int64(x.lower)), "lastStep": String(Int64(x.upper)),
      "lower": y.lower.exactText, "upper": y.upper.exactText,
      "summary":
        "\(metric) over epochs \(Int64(x.lower)) to \(Int64(x.upper)) for "
        + "\(counted(series.count, "run")); from \(y.lower.readable()) to \(y.upper.readable())",
      "yTicks": y.ticks.compactMap { tick -> [String: Any]? in
        guard let share = y.position(tick) else { return nil }
        let at = 10 + 196 * (1 - share)
        return ["at": at.fixed(1), "textAt": (at + 4).fixed(1), "label": tick.readable(digits: 6)]
      },
      "xTicks": x.ticks.compactMap { tick -> [String: Any]? in
        guard let share = x.position(tick) else { return nil }
        return ["at": (52 + 330 * share).fixed(1), "label": tick.readable(digits: 7)]
      },
      "series": series.filter { !$0.path.isEmpty }.map { series -> [String: Any] in
        [
          "id": "c\(series.run)-\(index)", "class": colour(series.run),
          "run": String(series.run), "path": series.path,
        ]
      },
    ]
    if gaps > 0 {
      context["gaps"] =
        "\(counted(gaps, "value")) that \(gaps == 1 ? "is" : "are") NaN, infinite"
        + (y.spacing == .log ? " or not positive" : "") + " left out"
    }
    return context
  }
}

extension Run {
  /// `12 name`, or `run 12`.
  var shortLabel: String { name.map { "\(id) \($0)" } ?? "run \(id)" }
}
