/// Every combination once, the last parameter changing first.
package struct GridSampler: Sendable {
  private let counts: [Int]

  /// A grid over choices; `nil` when a dimension is an interval, which has no end of values.
  package init?(dimensions: [SearchDimension]) {
    var counts: [Int] = []
    for dimension in dimensions {
      guard case .choice(let count) = dimension else { return nil }
      counts.append(count)
    }
    self.counts = counts
  }

  /// The number of combinations; `nil` when it is beyond counting.
  package var count: Int? {
    var product = 1
    for count in counts {
      let (next, overflow) = product.multipliedReportingOverflow(by: count)
      if overflow { return nil }
      product = next
    }
    return product
  }

  /// The coordinates of a trial, counted from 0.
  package func coordinates(trial number: Int) -> [Double] {
    var rest = number
    return counts.reversed().map { count in
      defer { rest /= count }
      return Double(rest % count)
    }.reversed()
  }
}
