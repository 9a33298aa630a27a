/// The scale of a dataset's inputs.
package struct InputFacts: Sendable, Hashable {
  package private(set) var least = Double.infinity
  package private(set) var greatest = -Double.infinity
  /// Of all inputs.
  package let mean: Double
  /// The standard deviation of all inputs.
  package let deviation: Double
  /// The largest standard deviation of a feature over the median of those that vary; 1 where none does.
  package let featureSpread: Double

  package init(_ data: Dataset) {
    let features = max(1, data.featureCount)
    var sums = [Double](repeating: 0, count: features)
    var squares = sums
    var column = 0
    for value in data.features {
      least = min(least, value)
      greatest = max(greatest, value)
      sums[column] += value
      squares[column] += value * value
      column = column + 1 == features ? 0 : column + 1
    }
    let rows = Double(max(1, data.rowCount))
    let all = rows * Double(features)
    let mean = sums.reduce(0, +) / all
    self.mean = mean
    deviation = max(0, squares.reduce(0, +) / all - mean * mean).squareRoot()
    let deviations = zip(sums, squares).map { sum, square in
      max(0, square / rows - (sum / rows) * (sum / rows)).squareRoot()
    }.filter { $0 > 0 }.sorted()
    featureSpread =
      deviations.isEmpty ? 1 : deviations[deviations.count - 1] / deviations[deviations.count / 2]
  }
}
