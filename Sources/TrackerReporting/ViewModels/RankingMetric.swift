package import TrackerStore

/// The metric by which runs are ranked.
package struct RankingMetric: Sendable, Hashable {
  /// Its key.
  package let key: String
  /// Which way it is better.
  package let direction: MetricDirection

  /// The held-out accuracy if there is one, else the first metric of which the better way is known;
  /// `nil` where there is neither.
  package init?(_ runs: [Run]) {
    let keys = inReadingOrder(metrics: runs.flatMap(\.metrics.keys))
    guard
      let key = keys.first(where: { $0 == "testAccuracy" })
        ?? keys.first(where: { MetricDirection.known(for: $0) != nil }),
      let direction = MetricDirection.known(for: key)
    else { return nil }
    self.key = key
    self.direction = direction
  }

  /// The run's last value; NaN where it has none.
  package func value(of run: Run) -> Double { run.metrics[key]?.last ?? .nan }

  /// The runs, best last value first; those without one last.
  package func ranking(_ runs: [Run]) -> [Run] {
    runs.enumerated().sorted { a, b in
      let (one, other) = (value(of: a.element), value(of: b.element))
      if direction.isBetter(one, than: other) { return true }
      return !direction.isBetter(other, than: one) && a.offset < b.offset
    }.map(\.element)
  }
}
