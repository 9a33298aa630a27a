package import TrackerStore

extension MetricDirection {
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
