import TrackerJSON
package import TrackerStore

/// A metric of several runs at the last step that all of them have.
package struct SharedStep: Sendable, Hashable {
  /// The metric.
  package var metric: String
  /// The step.
  package var step: Int64
  /// Each run's value there; `nil` where it has none.
  package var values: [Double?]

  /// A metric at a step.
  package init(metric: String, step: Int64, values: [Double?]) {
    self.metric = metric
    self.step = step
    self.values = values
  }

  /// The metrics that the runs ended at different steps, each with the last step that all have.
  package static func missing(in runs: [Run]) -> [(metric: String, step: Int64)] {
    inReadingOrder(metrics: runs.metricKeys).compactMap { key in
      let steps = runs.compactMap { $0.metrics[key]?.lastStep }
      guard let first = steps.min(), first != steps.max() else { return nil }
      return (key, first)
    }
  }
}

/// A metric of each run.
struct MetricComparison: Sendable, Hashable {
  let key: String
  let direction: MetricDirection?
  let finals: [Double?]
  /// The best values; `nil` where no direction is known.
  let bests: [Double?]
  /// Where the runs ended at different steps: the values at the last that all have.
  let shared: SharedStep?

  init(key: String, runs: [Run], direction: MetricDirection?, shared: SharedStep? = nil) {
    self.key = key
    self.direction = direction
    self.shared = shared
    finals = runs.map { $0.metrics[key]?.last }
    bests = runs.map { run in
      direction.flatMap { direction in run.metrics[key].map { direction.best(of: $0) } }
    }
  }

  /// Whether the final values are not all the same.
  var differs: Bool { Set(finals.map { $0?.exactText }).count > 1 }

  /// The index of the run with the best of these values, if one has.
  func winner(of values: [Double?]) -> Int? { direction?.winner(of: values) }

  /// How far a value is from another, the one that it is compared with.
  struct Change: Sendable, Hashable {
    /// The value less the other.
    let difference: Double
    /// The difference in per cent of the other's size; `nil` where that is 0 or no number.
    let percent: Double?

    init?(_ value: Double?, from other: Double?) {
      guard let value, let other else { return nil }
      difference = value - other
      let share = difference / abs(other) * 100
      percent = other != 0 && share.isFinite ? share : nil
    }
  }

  /// Each final value's distance from the first run's.
  var changes: [Change?] {
    [nil] + finals.dropFirst().map { Change($0, from: finals.first ?? nil) }
  }
}

/// When each run first had a value of a metric that is good enough.
package struct TargetComparison: Sendable, Hashable {
  /// The moment.
  package struct Reached: Sendable, Hashable {
    /// The step.
    package var step: Int64
    /// The value there.
    package var value: Double
    /// How often the cost had been evaluated, where that was logged.
    package var evaluations: Double?
    /// Seconds from the run's start.
    package var seconds: Double

    /// A moment of a run.
    package init(step: Int64, value: Double, evaluations: Double?, seconds: Double) {
      self.step = step
      self.value = value
      self.evaluations = evaluations
      self.seconds = seconds
    }
  }

  /// The metric.
  package var metric: String
  /// What is good enough.
  package var value: Double
  /// Which way the metric is better.
  package var direction: MetricDirection
  /// A moment for each run; `nil` for never.
  package var reached: [Reached?]

  /// When runs reached a value.
  package init(metric: String, value: Double, direction: MetricDirection, reached: [Reached?]) {
    self.metric = metric
    self.value = value
    self.direction = direction
    self.reached = reached
  }
}
