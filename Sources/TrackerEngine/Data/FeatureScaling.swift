/// How inputs are brought to like sizes.
public enum FeatureScaling: String, Codable, Hashable, Sendable, CaseIterable {
  /// They are left as they are.
  case none
  /// All are divided by the largest absolute value of the training part: digits by 16.
  case unit
  /// Each column less its mean, over its standard deviation, both of the training part; a column that
  /// never varies becomes 0.
  case standard
}

/// A scaling that was fitted on the training part alone, ready for any part.
public struct FeatureScaler: Hashable, Sendable {
  private let offsets: [Double]
  private let factors: [Double]

  /// Fits a scaling on the training part.
  public init(_ scaling: FeatureScaling, fittedOn training: Dataset) {
    let n = training.featureCount
    var offsets = [Double](repeating: 0, count: n)
    var factors = [Double](repeating: 1, count: n)
    switch scaling {
    case .none: break
    case .unit:
      let largest = training.features.reduce(0) { max($0, abs($1)) }
      if largest > 0 { factors = [Double](repeating: 1 / largest, count: n) }
    case .standard:
      let m = Double(training.rowCount)
      for column in 0..<n {
        let values = (0..<training.rowCount).map { training.features[$0 * n + column] }
        let mean = values.reduce(0, +) / m
        let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / m).squareRoot()
        offsets[column] = mean
        factors[column] = deviation > 0 ? 1 / deviation : 0
      }
    }
    self.offsets = offsets
    self.factors = factors
  }

  /// `data`, scaled.
  public func scaled(_ data: Dataset) -> Dataset {
    var scaled = data
    let n = data.featureCount
    for index in scaled.features.indices {
      scaled.features[index] = (scaled.features[index] - offsets[index % n]) * factors[index % n]
    }
    return scaled
  }
}
