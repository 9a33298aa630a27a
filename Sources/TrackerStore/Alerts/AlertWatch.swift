/// Looks at what is logged, and says which conditions have come true.
///
/// A condition is told once, and again only after it was false in between.
package struct AlertWatch: Sendable {
  private let conditions: [AlertCondition]
  private var isRaised: [Bool]
  private var metrics: [String: MetricSummary] = [:]
  private var lastPoint: Timestamp
  private var lastStep: Int64?

  /// A watch over conditions.
  ///
  /// - Parameters:
  ///   - metrics: what was logged before; a condition that is true of it was told then
  ///   - start: when the run started, or its last point: from then on `no point for` counts
  package init(
    _ conditions: [AlertCondition], metrics: [String: MetricSummary] = [:],
    from start: Timestamp = .now()
  ) {
    self.conditions = conditions
    self.metrics = metrics
    isRaised = conditions.map { $0.isTrue(of: metrics, idle: 0) }
    lastStep = metrics.values.map(\.lastStep).max()
    lastPoint = start
  }

  /// Takes values of one step.
  ///
  /// - Returns: the alerts that they raise
  package mutating func see(
    _ values: [(key: String, value: Double)], step: Int64, at time: Timestamp = .now()
  ) -> [Alert] {
    for (key, value) in values { add(value, to: key, step) }
    lastPoint = time
    lastStep = step
    return look(at: time)
  }

  /// Looks at the time alone.
  ///
  /// - Returns: the alerts that it raises
  package mutating func look(at time: Timestamp = .now()) -> [Alert] {
    let idle = Double(time.milliseconds - lastPoint.milliseconds) / 1000
    var alerts: [Alert] = []
    for (index, condition) in conditions.enumerated() {
      let isTrue = condition.isTrue(of: metrics, idle: idle)
      if isTrue, !isRaised[index] {
        let seen = condition.keys.compactMap { key in metrics[key].map { "\(key) is \($0.last)" } }
        let text =
          condition.asksForTime
          ? ["the last point came \(Int(saturating: idle)) s ago"] + seen : seen
        alerts.append(
          Alert(
            title: condition.text, text: text.joined(separator: ", "), step: lastStep, time: time))
      }
      isRaised[index] = isTrue
    }
    return alerts
  }

  private mutating func add(_ value: Double, to key: String, _ step: Int64) {
    guard var metric = metrics[key] else {
      metrics[key] = MetricSummary(
        first: value, last: value, min: value, max: value, count: 1, lastStep: step)
      return
    }
    metric.last = value
    // NaN is not a minimum unless all are.
    metric.min = metric.min.isNaN || value < metric.min ? value : metric.min
    metric.max = metric.max.isNaN || value > metric.max ? value : metric.max
    metric.count += 1
    metric.lastStep = step
    metrics[key] = metric
  }
}
