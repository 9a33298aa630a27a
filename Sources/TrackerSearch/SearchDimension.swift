/// One axis of a search space, as samplers see it: they know neither names nor units.
public enum SearchDimension: Hashable, Sendable {
  /// A coordinate in 0…1.
  case interval
  /// One of so many alternatives without an order; the coordinate is its index, a whole number.
  case choice(count: Int)
}

/// What is known of a trial when the next one is chosen.
public struct Observation: Hashable, Sendable {
  /// Where it was, a coordinate for each dimension.
  public var coordinates: [Double]
  /// What came of it: less is better. NaN, or +∞ for a trial that failed, is worse than anything; of a trial that
  /// still goes on nothing is known.
  public var loss: Double?

  /// A trial at these coordinates.
  public init(coordinates: [Double], loss: Double?) {
    self.coordinates = coordinates
    self.loss = loss
  }
}
