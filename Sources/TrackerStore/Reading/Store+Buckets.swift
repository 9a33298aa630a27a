import TrackerSQLite

/// What is known of a stretch of a series: enough to draw it, to read values off it and to smooth it.
package struct MetricBucket: Sendable, Hashable {
  /// The step of its last point.
  package var step: Int64
  /// When its last point was logged.
  package var time: Timestamp
  /// The last value, which may be NaN or ±∞.
  package var last: Double
  /// The least and the greatest finite value; NaN where there is none.
  package var least: Double
  package var greatest: Double
  /// The mean of the finite values; NaN where there is none.
  package var mean: Double
  /// How many values are finite, and how many are not.
  package var count: Int
  package var nonFiniteCount: Int
  /// The step from which on no value in it is finite; `nil` where its last one is.
  package var nonFiniteFrom: Int64?
}

extension Store {
  /// A metric's series as at most `count` buckets of equal spans of steps; a bucket a point where there are no more.
  ///
  /// Points go by as they are read: a series of any length takes the memory of its buckets.
  ///
  /// - Returns: the buckets by step; empty if the run has no such metric
  /// - Throws: ``StoreError``
  package func buckets(run id: Int64, metric key: String, count: Int) throws -> [MetricBucket] {
    try read("reading a metric in") { connection in
      guard let series = try Self.series(key, run: id, on: connection),
        let last = try Self.point(.max, of: series, on: connection)
      else { return [] }
      var buckets = [MetricBucket]()
      try connection.prepared(
        "SELECT step, value, elapsed FROM metric_point WHERE series_id = ? ORDER BY step, nth"
      ) { statement in
        try statement.bind(series.id, at: 1)
        guard try statement.step() else { return }
        var filling = Buckets(
          from: statement.integer(0), through: last.step,
          count: series.count > count ? count : .max)
        repeat {
          filling.add(series.point(statement))
        } while try statement.step()
        buckets = filling.all
      }
      return buckets
    }
  }
}

extension [MetricPoint] {
  /// A series as at most `count` buckets, as ``Store/buckets(run:metric:count:)`` reads one.
  package func buckets(count: Int) -> [MetricBucket] {
    guard let first, let last else { return [] }
    var filling = Buckets(
      from: first.step, through: last.step, count: self.count > count ? count : .max)
    for point in self { filling.add(point) }
    return filling.all
  }
}

/// Buckets of a series that goes by.
private struct Buckets {
  private let start: Double
  /// Steps of a bucket; 0 where each point is one of its own.
  private let width: Double
  /// The first step after the present bucket.
  private var end = Int64.min
  private var done: [MetricBucket] = []
  private var present: MetricBucket?

  init(from first: Int64, through last: Int64, count: Int) {
    start = Double(first)
    // As numbers: two steps may be farther apart than a step can be.
    width = count == .max ? 0 : Swift.max(1, (Double(last) - start + 1) / Double(count))
  }

  mutating func add(_ point: MetricPoint) {
    let (step, value) = (point.step, point.value)
    if width == 0 || step >= end {
      if let present { done.append(present) }
      present = MetricBucket(
        step: step, time: point.time, last: value, least: .nan, greatest: .nan, mean: .nan,
        count: 0,
        nonFiniteCount: 0, nonFiniteFrom: nil)
      if width > 0 {
        let place = ((Double(step) - start) / width).rounded(.down)
        end = Int64(exactly: (start + (place + 1) * width).rounded(.up)) ?? .max
      }
    }
    guard var bucket = present else { return }
    bucket.step = step
    bucket.time = point.time
    bucket.last = value
    if value.isFinite {
      bucket.least = bucket.count == 0 ? value : Swift.min(bucket.least, value)
      bucket.greatest = bucket.count == 0 ? value : Swift.max(bucket.greatest, value)
      bucket.count += 1
      bucket.nonFiniteFrom = nil
      // Welford's mean cannot overflow where the sum would.
      bucket.mean =
        bucket.count == 1
        ? value : bucket.mean + (value / Double(bucket.count) - bucket.mean / Double(bucket.count))
    } else {
      bucket.nonFiniteCount += 1
      bucket.nonFiniteFrom = bucket.nonFiniteFrom ?? step
    }
    present = bucket
  }

  /// All of them, by step.
  var all: [MetricBucket] { done + (present.map { [$0] } ?? []) }
}
