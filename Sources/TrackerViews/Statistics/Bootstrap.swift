import TrackerOptimization
import TrackerStore

/// The bootstrap of a mean: what it might have been, had chance chosen other measurements from those that there are.
///
/// The resamples are chosen by a seed that is always the same, so that the same runs have the same interval.
struct Bootstrap {
  /// As many as scipy.stats.bootstrap draws.
  static let resampleCount = 9999

  private let values: [Double]
  private let mean: Double
  /// The mean of each resample, in ascending order.
  let means: [Double]

  /// - Parameter values: two measurements or more, all finite
  init(_ values: [Double]) {
    precondition(values.count > 1)
    self.values = values
    mean = Self.mean(of: values, times: Array(repeating: 1, count: values.count))
    var generator = SplitMix64(seed: 0)
    means = (0..<Self.resampleCount).map { _ in
      var counts = Array(repeating: 0.0, count: values.count)
      for _ in values { counts[Int(generator.next(below: UInt64(values.count)))] += 1 }
      return Self.mean(of: values, times: counts)
    }.sorted()
  }

  /// The mean of values that are there so many times. In the order of the values, whatever the order in which they
  /// were drawn: the same resample has the same mean to the bit.
  private static func mean(of values: [Double], times counts: [Double]) -> Double {
    var sum = 0.0
    for index in values.indices { sum += counts[index] * values[index] }
    return sum / Double(values.count)
  }

  /// The interval that covers the mean with this confidence, bias-corrected and accelerated; `nil` where the
  /// resamples do not tell, as when no value is unlike the others.
  ///
  /// Source: B. Efron, "Better bootstrap confidence intervals", J. American Statistical Association 82 (1987), with the
  /// acceleration from the jackknife.
  func interval(confidence: Double = 0.95) -> ClosedRange<Double>? {
    // Ties count by half.
    let below = means.count { $0 < mean } + means.count { $0 <= mean }
    let bias = Normal.quantile(Double(below) / Double(2 * means.count))
    let acceleration = acceleration
    guard bias.isFinite, acceleration.isFinite else { return nil }
    func percentile(_ tail: Double) -> Double {
      let shifted = bias + Normal.quantile(tail)
      return quantile(Normal.probability(below: bias + shifted / (1 - acceleration * shifted)))
    }
    let (lower, upper) = (percentile((1 - confidence) / 2), percentile((1 + confidence) / 2))
    return lower <= upper ? lower...upper : nil
  }

  /// How fast the standard error changes with the mean: from the means with one value left out each.
  private var acceleration: Double {
    let n = Double(values.count)
    let sum = values.reduce(0, +)
    let partial = values.map { (sum - $0) / (n - 1) }
    let center = partial.reduce(0, +) / n
    var (squares, cubes) = (0.0, 0.0)
    for value in partial {
      let influence = center - value
      squares += influence * influence
      cubes += influence * influence * influence
    }
    return cubes / (6 * squares * squares.squareRoot())
  }

  /// The value that a share of the means are below; between two of them on the line through both (R. J. Hyndman and
  /// Y. Fan, The American Statistician 50, 1996, definition 7).
  private func quantile(_ share: Double) -> Double {
    let position = share * Double(means.count - 1)
    let index = min(means.count - 2, max(0, Int(saturating: position)))
    return means[index] + (position - Double(index)) * (means[index + 1] - means[index])
  }
}
