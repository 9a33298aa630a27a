/// Repeated measurements of one thing, such as a metric over seeds, and what they say of its mean.
package struct Sample: Hashable, Sendable {
  /// The measurements.
  package let values: [Double]
  /// Their mean; NaN if there are none.
  package let mean: Double
  /// Their standard deviation, with n − 1; NaN for fewer than two.
  package let standardDeviation: Double

  /// A sample of these measurements.
  package init(_ values: [Double]) {
    self.values = values
    if let first = values.first, first.isFinite, values.allSatisfy({ $0 == first }) {
      // Exactly: the rounding of a sum is not a spread.
      mean = first
      standardDeviation = values.count < 2 ? .nan : 0
      return
    }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    self.mean = mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    standardDeviation = values.count < 2 ? .nan : (squares / (n - 1)).squareRoot()
  }

  /// The interval that covers the mean with this confidence, by Student's t; `nil` for fewer than two
  /// measurements.
  package func interval(confidence: Double = 0.95) -> ClosedRange<Double>? {
    guard values.count >= 2, mean.isFinite, standardDeviation.isFinite else { return nil }
    let n = Double(values.count)
    let t = StudentT(degreesOfFreedom: n - 1).twoSidedQuantile(tail: 1 - confidence)
    let half = t * standardDeviation / n.squareRoot()
    return mean - half...mean + half
  }
}

/// An interval that covers a mean with 95 % confidence, and where it comes from.
package struct MeanInterval: Hashable, Sendable {
  /// The ways to an interval.
  package enum Method: String, Hashable, Sendable {
    /// Student's t, exact where measurements are normally distributed.
    case student = "Student's t"
    /// The bootstrap, bias-corrected and accelerated, which follows the measurements where they are skewed.
    case bootstrap = "BCa bootstrap"
  }

  /// From where to where.
  package var range: ClosedRange<Double>
  /// How it was found.
  package let method: Method
}

extension Sample {
  /// With fewer measurements there are hardly any resamples to choose from: 126 of five, 10 of three, and a
  /// bootstrap of them claims far too much.
  static let leastBootstrapped = 5
  /// With more, the mean of even a skewed sample is distributed as Student's t has it.
  static let mostBootstrapped = 200
  /// A sample with a skewness beyond this, either way, is no normal one.
  static let skewnessLimit = 1.0

  /// Fisher's and Pearson's coefficient of skewness, corrected for small samples (D. N. Joanes and C. A. Gill, The
  /// Statistician 47, 1998, G1); NaN for fewer than three measurements or those that do not vary.
  package var skewness: Double {
    let n = Double(values.count)
    guard n >= 3 else { return .nan }
    var (squares, cubes) = (0.0, 0.0)
    for value in values {
      let deviation = value - mean
      squares += deviation * deviation
      cubes += deviation * deviation * deviation
    }
    let spread = (squares / n).squareRoot()
    return cubes / n / (spread * spread * spread) * (n * (n - 1)).squareRoot() / (n - 2)
  }

  /// The interval by the bootstrap; `nil` for fewer than ``leastBootstrapped`` measurements or more than
  /// ``mostBootstrapped``, and for those that do not vary.
  package func bootstrapInterval() -> ClosedRange<Double>? {
    guard (Self.leastBootstrapped...Self.mostBootstrapped).contains(values.count),
      standardDeviation > 0, standardDeviation.isFinite
    else { return nil }
    return Bootstrap(values).interval()
  }

  /// The interval to go by: Student's, unless the sample is skewed and can be bootstrapped; `nil` for fewer than two
  /// measurements.
  package var meanInterval: MeanInterval? {
    if abs(skewness) > Self.skewnessLimit, let range = bootstrapInterval() {
      return MeanInterval(range: range, method: .bootstrap)
    }
    return interval().map { MeanInterval(range: $0, method: .student) }
  }

  /// The interval to go by, no further than what a mean of such measurements can be.
  package func meanInterval(within bounds: ClosedRange<Double>) -> MeanInterval? {
    guard var found = meanInterval else { return nil }
    found.range = found.range.clamped(to: bounds)
    return found
  }
}

/// The difference between the means of two samples whose variances may differ.
///
/// Source: B. L. Welch, Biometrika 34 (1947), with the degrees of freedom of Satterthwaite (1946).
package struct WelchTest: Hashable, Sendable {
  /// mean(a) − mean(b).
  package let difference: Double
  /// The interval that covers the difference with 95 % confidence, of this test alone.
  package var confidence: ClosedRange<Double> { interval(tail: 0.05) }
  /// Student's t of the difference.
  package let statistic: Double
  /// Welch's and Satterthwaite's degrees of freedom.
  package let degreesOfFreedom: Double
  /// The probability of so large a difference, either way, if the means are equal.
  package let pValue: Double
  /// The difference in units of the pooled standard deviation, corrected for small samples
  /// (L. V. Hedges, J. Educational Statistics 6, 1981).
  package let effectSize: Double

  /// The standard error of the difference.
  private let error: Double

  /// The interval that fails to cover the difference in `tail` of all cases.
  package func interval(tail: Double) -> ClosedRange<Double> {
    let half = StudentT(degreesOfFreedom: degreesOfFreedom).twoSidedQuantile(tail: tail) * error
    return difference - half...difference + half
  }

  /// Compares two samples; `nil` when either has fewer than two measurements or neither varies.
  package init?(_ a: Sample, _ b: Sample) {
    let (n, m) = (Double(a.values.count), Double(b.values.count))
    guard n >= 2, m >= 2 else { return nil }
    let (va, vb) = (
      a.standardDeviation * a.standardDeviation / n, b.standardDeviation * b.standardDeviation / m
    )
    let error = (va + vb).squareRoot()
    guard error > 0, error.isFinite else { return nil }
    difference = a.mean - b.mean
    statistic = difference / error
    degreesOfFreedom = (va + vb) * (va + vb) / (va * va / (n - 1) + vb * vb / (m - 1))
    pValue = StudentT(degreesOfFreedom: degreesOfFreedom).twoSidedTail(statistic)
    self.error = error
    let pooled = ((n - 1) * n * va + (m - 1) * m * vb) / (n + m - 2)
    effectSize = difference / pooled.squareRoot() * (1 - 3 / (4 * (n + m) - 9))
  }
}

/// Holm's correction: each p-value made larger so that the chance of even one false alarm among all
/// stays what each claims.
///
/// Source: S. Holm, Scandinavian Journal of Statistics 6 (1979).
package func holmAdjusted(_ pValues: [Double]) -> [Double] {
  var adjusted = pValues
  var largest = 0.0
  for (rank, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
    largest = max(largest, min(1, Double(pValues.count - rank) * pValues[index]))
    adjusted[index] = largest
  }
  return adjusted
}
