package import TrackerStore

extension MetricDirection {
  func best(of summary: MetricSummary) -> Double {
    self == .minimize ? summary.min : summary.max
  }

  /// Whether `a` is better than `b`; NaN is worse than anything.
  func isBetter(_ a: Double, than b: Double) -> Bool {
    if a.isNaN || b.isNaN { return !a.isNaN }
    return self == .minimize ? a < b : a > b
  }

  /// The index of the best of `values`, or `nil` where there is none or the first place is shared.
  func winner(of values: [Double?]) -> Int? {
    let known = values.indices.filter { values[$0] != nil }
    guard known.count > 1 else { return nil }
    var best = known[0]
    for index in known.dropFirst() where isBetter(values[index] ?? .nan, than: values[best] ?? .nan)
    {
      best = index
    }
    guard let value = values[best], !value.isNaN else { return nil }
    return known.filter { values[$0] == value }.count == 1 ? best : nil
  }
}

/// The series of one metric of one run.
package struct MetricCurve: Sendable, Hashable {
  /// The run.
  package var run: Int64
  /// The metric's key.
  package var metric: String
  /// The points, by step.
  package var points: [MetricPoint]

  /// A series.
  package init(run: Int64, metric: String, points: [MetricPoint]) {
    self.run = run
    self.metric = metric
    self.points = points
  }
}

/// Metric keys in the order in which people look at them: the known ones first, then by name.
package func inReadingOrder(metrics keys: some Sequence<String>) -> [String] {
  let known = [
    "cost", "dataCost", "penalty", "trainAccuracy", "testAccuracy", "testCost", "gradientNorm",
    "stepLength", "evaluations", "seconds",
  ]
  return Set(keys).sorted { a, b in
    let ranks = [a, b].map { known.firstIndex(of: $0) ?? known.count }
    return ranks[0] == ranks[1] ? a < b : ranks[0] < ranks[1]
  }
}
