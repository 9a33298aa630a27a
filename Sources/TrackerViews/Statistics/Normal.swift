import TrackerSystem

/// The normal distribution with mean 0 and standard deviation 1.
enum Normal {
  /// The probability of a value of at most `z` (DLMF 7.2.2).
  static func probability(below z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

  /// The value that is not exceeded with this probability: the inverse of ``probability(below:)``; −∞ for 0, ∞ for 1.
  static func quantile(_ probability: Double) -> Double {
    guard probability > 0 else { return -.infinity }
    guard probability < 1 else { return .infinity }
    // In the lower half no digits are lost to 1.
    if probability > 0.5 { return -quantile(1 - probability) }
    // Beyond it there is no number left.
    var (low, high) = (-40.0, 0.0)
    // Bisection to the last bit: probabilities rise monotonically, and sixty halvings are nothing here.
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return middle }
      if Normal.probability(below: middle) < probability { low = middle } else { high = middle }
    }
  }
}
