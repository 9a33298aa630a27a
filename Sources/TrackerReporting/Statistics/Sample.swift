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

/// The difference between the means of two samples whose variances may differ.
///
/// Source: B. L. Welch, Biometrika 34 (1947), with the degrees of freedom of Satterthwaite (1946).
package struct WelchTest: Hashable, Sendable {
  /// mean(a) − mean(b).
  package let difference: Double
  /// The interval that covers the difference with 95 % confidence.
  package let confidence: ClosedRange<Double>
  /// Student's t of the difference.
  package let statistic: Double
  /// Welch's and Satterthwaite's degrees of freedom.
  package let degreesOfFreedom: Double
  /// The probability of so large a difference, either way, if the means are equal.
  package let pValue: Double
  /// The difference in units of the pooled standard deviation, corrected for small samples
  /// (L. V. Hedges, J. Educational Statistics 6, 1981).
  package let effectSize: Double

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
    let distribution = StudentT(degreesOfFreedom: degreesOfFreedom)
    pValue = distribution.twoSidedTail(statistic)
    let half = distribution.twoSidedQuantile(tail: 0.05) * error
    confidence = difference - half...difference + half
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
