/// How much of a search's outcome goes with one parameter alone.
package enum ParameterImportance {
  /// Numbers are put in so many groups of equal size.
  static let groupLimit = 4
  /// Fewer trials say nothing.
  static let leastTrials = 8

  /// The share of the values' variance that lies between the groups that a parameter makes, 0…1: Kelley's ε²,
  ///
  ///     ε² = 1 − (within / (n − k)) / (total / (n − 1))
  ///
  /// with the sums of squares within the k groups and in total over n trials, and 0 where that is below 0. Unlike the
  /// plain correlation ratio η² it does not grow with the number of groups when the parameter does nothing. What two
  /// parameters do only together is in neither's share. `nil` when there are too few trials to tell, or all came out
  /// alike. Source: T. L. Kelley, "An unbiased correlation ratio measure", PNAS 21 (1935).
  ///
  /// - Parameters:
  ///   - coordinates: the parameter's coordinate in each trial
  ///   - dimension: whether it is a choice, whose alternatives are the groups, or an interval, cut at quantiles
  ///   - values: what came of each trial; those that are not finite are left out
  package static func share(
    coordinates: [Double], dimension: SearchDimension, values: [Double]
  ) -> Double? {
    let trials = zip(coordinates, values).filter { $0.1.isFinite }
    let groups: [[Double]] =
      switch dimension {
      case .choice(let count):
        (0..<count).map { choice in trials.filter { Int($0.0) == choice }.map(\.1) }
      case .interval: quantileGroups(trials)
      }
    let filled = groups.filter { !$0.isEmpty }
    let (n, k) = (Double(trials.count), Double(filled.count))
    guard trials.count >= leastTrials, filled.count > 1, n > k else { return nil }
    let total = sumOfSquares(trials.map(\.1))
    guard total > 0 else { return nil }
    let within = filled.reduce(0) { $0 + sumOfSquares($1) }
    return max(0, 1 - within / (n - k) / (total / (n - 1)))
  }

  private static func quantileGroups(_ trials: [(Double, Double)]) -> [[Double]] {
    let sorted = trials.sorted { $0.0 < $1.0 }
    let count = min(groupLimit, max(1, sorted.count / 2))
    return (0..<count).map { group in
      sorted[sorted.count * group / count..<sorted.count * (group + 1) / count].map(\.1)
    }
  }

  private static func sumOfSquares(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(max(values.count, 1))
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }
}
