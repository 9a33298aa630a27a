package import TrackerStore
package import TrackerViews

/// The series of one metric of one run, as finely as a report knows it.
package struct BucketedCurve: Sendable, Hashable {
  /// The run.
  package var run: Int64
  /// The metric's key.
  package var metric: String
  /// The buckets, by step.
  package var buckets: [MetricBucket]
  /// Smaller ones, which the page shows to those who zoom; empty where there are none.
  package var fine: [MetricBucket]

  /// A series that was read so.
  package init(run: Int64, metric: String, buckets: [MetricBucket], fine: [MetricBucket] = []) {
    self.run = run
    self.metric = metric
    self.buckets = buckets
    // A series of few points is there as a whole already.
    self.fine = fine.count > buckets.count ? fine : []
  }

  /// A series that is there as a whole, with at most `count` buckets, and at most `fineCount` of the smaller ones.
  package init(_ curve: MetricCurve, buckets count: Int = 400, fine fineCount: Int? = nil) {
    self.init(
      run: curve.run, metric: curve.metric, buckets: curve.points.buckets(count: count),
      fine: fineCount.map { curve.points.buckets(count: $0) } ?? [])
  }

  /// The number of values that are NaN or ±∞.
  var nonFiniteCount: Int { buckets.reduce(0) { $0 + $1.nonFiniteCount } }

  /// The last bucket with a finite value, where only values that are not finite follow; `nil` where the curve goes on
  /// to its end.
  var breakingOff: MetricBucket? {
    nonFiniteFrom == nil ? nil : buckets.last { $0.count > 0 }
  }

  /// The step from which on no value is finite; `nil` where the last one is.
  var nonFiniteFrom: Int64? {
    guard var first = buckets.last?.nonFiniteFrom else { return nil }
    for bucket in buckets.reversed() {
      guard let step = bucket.nonFiniteFrom else { break }
      first = step
      if bucket.count > 0 { break }
    }
    return first
  }
}
