/// Which way a metric is better.
public enum MetricDirection: String, Sendable, Hashable {
  /// Less is better.
  case minimize
  /// More is better.
  case maximize

  /// The direction of a metric that is known by its key, or `nil`: accuracies and scores are better
  /// when greater, costs, losses and errors when less.
  package static func known(for key: String) -> MetricDirection? { KnownMetric(key).direction }

  /// The best value that a series had.
  package func best(of summary: MetricSummary) -> Double {
    self == .minimize ? summary.min : summary.max
  }

  /// Whether `a` is better than `b`; NaN is worse than anything.
  package func isBetter(_ a: Double, than b: Double) -> Bool {
    if a.isNaN || b.isNaN { return !a.isNaN }
    return self == .minimize ? a < b : a > b
  }
}
