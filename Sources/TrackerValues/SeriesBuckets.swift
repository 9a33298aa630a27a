/// A series that goes by, as buckets of equal spans of steps: enough to draw it, to read values off it and to smooth it.
package struct SeriesBuckets: Sendable {
  /// What is known of a stretch of a series.
  package struct Bucket: Sendable, Hashable {
    /// The step of its last point.
    package var step: Int64
    /// When its last point was logged.
    package var time: Int64
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

  /// The buckets so far, by step.
  package private(set) var all: [Bucket] = []
  private let start: Double
  /// Steps of a bucket; 0 where each point is one of its own.
  private let width: Double
  /// The first step after the present bucket.
  private var end = Int64.min

  /// - Parameter count: the most buckets; `nil` makes one of each point
  package init(from first: Int64, through last: Int64, count: Int?) {
    start = Double(first)
    // As numbers: two steps may be farther apart than a step can be.
    width = count.map { max(1, (Double(last) - Double(first) + 1) / Double($0)) } ?? 0
    all.reserveCapacity(count ?? 0)
  }

  /// Takes in the next points, by rising steps: each has its step, its value and its time.
  package mutating func add(steps: [Int64], values: [Double], times: [Int64]) {
    var present = all.popLast()
    for index in 0..<min(steps.count, values.count, times.count) {
      let (step, value) = (steps[index], values[index])
      if present == nil || width == 0 || step >= end {
        if let present { all.append(present) }
        present = Bucket(
          step: step, time: 0, last: value, least: .nan, greatest: .nan, mean: .nan, count: 0,
          nonFiniteCount: 0, nonFiniteFrom: nil)
        if width > 0 {
          let place = ((Double(step) - start) / width).rounded(.down)
          end = Int64(exactly: (start + (place + 1) * width).rounded(.up)) ?? .max
        }
      }
      present?.add(step, value, times[index])
    }
    if let present { all.append(present) }
  }
}

extension SeriesBuckets.Bucket {
  fileprivate mutating func add(_ step: Int64, _ value: Double, _ time: Int64) {
    self.step = step
    self.time = time
    last = value
    guard value.isFinite else {
      nonFiniteCount += 1
      nonFiniteFrom = nonFiniteFrom ?? step
      return
    }
    least = count == 0 ? value : min(least, value)
    greatest = count == 0 ? value : max(greatest, value)
    count += 1
    nonFiniteFrom = nil
    // Welford's mean cannot overflow where the sum would.
    mean = count == 1 ? value : mean + (value / Double(count) - mean / Double(count))
  }
}
