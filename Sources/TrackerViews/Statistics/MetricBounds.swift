package import TrackerStore

extension KnownMetric {
  /// What a mean of these values can be: shares lie between 0 and 1, or 0 and 100 where they are counted so; distances,
  /// norms, times and counts are not below 0, and a loss is not where no value of it is. Without bounds where the name
  /// does not say what is measured.
  package func bounds(of values: some Sequence<Double>) -> ClosedRange<Double> {
    let all = -Double.infinity ... .infinity
    let (least, greatest) = values.reduce(into: (Double.infinity, -Double.infinity)) {
      $0 = (min($0.0, $1), max($0.1, $1))
    }
    guard least >= 0 else { return all }
    switch quantity {
    case .accuracy: return greatest <= 1 ? 0...1 : greatest <= 100 ? 0...100 : all
    case .loss, .penalty, .error, .norm, .time, .count, .throughput: return 0 ... .infinity
    case .score, .rate, .statistic, .system, nil: return all
    }
  }
}
