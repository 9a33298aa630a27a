/// One value of a metric.
public struct MetricPoint: Hashable, Sendable {
  /// The epoch, or whatever the program counts.
  public var step: Int64
  /// The value; NaN and ±∞ are values like any other.
  public var value: Double
  /// When it was logged.
  public var time: Timestamp

  /// A value at a step.
  public init(step: Int64, value: Double, time: Timestamp) {
    self.step = step
    self.value = value
    self.time = time
  }
}

/// A series in a few numbers, kept up to date with every point.
///
/// NaN is not a minimum and no maximum unless every value is NaN.
public struct MetricSummary: Hashable, Sendable {
  /// The value logged first.
  public var first: Double
  /// The value logged last.
  public var last: Double
  /// The least value.
  public var min: Double
  /// The greatest value.
  public var max: Double
  /// How many points there are.
  public var count: Int
  /// The step of ``last``.
  public var lastStep: Int64

  /// A summary of a series.
  public init(first: Double, last: Double, min: Double, max: Double, count: Int, lastStep: Int64) {
    self.first = first
    self.last = last
    self.min = min
    self.max = max
    self.count = count
    self.lastStep = lastStep
  }
}
