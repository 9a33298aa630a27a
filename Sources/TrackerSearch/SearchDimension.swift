/// One axis of a search space, as samplers see it: they know neither names nor units.
package enum SearchDimension: Hashable, Sendable {
  /// A coordinate in 0…1.
  case interval
  /// One of so many alternatives without an order; the coordinate is its index, a whole number.
  case choice(count: Int)
}

/// What is known of a trial when the next one is chosen.
package struct Observation: Hashable, Sendable {
  /// Where it was, a coordinate for each dimension.
  package var coordinates: [Double]
  /// What came of it: less is better. NaN, or +∞ for a trial that failed, is worse than anything; of a trial that
  /// still goes on nothing is known.
  package var loss: Double?

  /// A trial at these coordinates.
  package init(coordinates: [Double], loss: Double?) {
    self.coordinates = coordinates
    self.loss = loss
  }
}
