import TrackerOptimization
import TrackerSystem

/// Chooses every coordinate uniformly and independently.
///
/// Source: J. Bergstra and Y. Bengio, "Random search for hyper-parameter optimization", JMLR 13 (2012).
package struct RandomSampler: Sendable {
  private let dimensions: [SearchDimension]
  private let seed: UInt64

  /// A search of these dimensions.
  package init(dimensions: [SearchDimension], seed: UInt64) {
    self.dimensions = dimensions
    self.seed = seed
  }

  /// The coordinates of a trial, which depend on its number and the seed alone: a search that goes on
  /// after a crash chooses what it would have chosen.
  package func coordinates(trial number: Int) -> [Double] {
    var generator = SplitMix64(seed: seed, trial: number)
    return dimensions.map { dimension in
      switch dimension {
      case .interval: generator.uniform()
      case .choice(let count): Double(generator.next(below: UInt64(count)))
      }
    }
  }
}

extension SplitMix64 {
  /// The random numbers of one trial of a search.
  init(seed: UInt64, trial number: Int) {
    // Neighbouring states of SplitMix64 are one number of the same sequence apart; an output is not.
    var seeds = SplitMix64(seed: seed)
    self.init(seed: seeds.next() ^ SplitMix64.output(of: UInt64(bitPattern: Int64(number))))
  }

  private static func output(of seed: UInt64) -> UInt64 {
    var generator = SplitMix64(seed: seed)
    return generator.next()
  }

  /// A number in 0..<1, with 53 random bits.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A standard normal deviate, by the polar method (G. Marsaglia and T. A. Bray, SIAM Review 6, 1964).
  mutating func normal() -> Double {
    while true {
      let (u, v) = (2 * uniform() - 1, 2 * uniform() - 1)
      let s = u * u + v * v
      if s > 0, s < 1 { return u * (-2 * log(s) / s).squareRoot() }
    }
  }

  /// An index, as likely as its weight says; the weights sum up to 1.
  mutating func index(weights: some RandomAccessCollection<Double>) -> Int {
    var rest = uniform()
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return index }
    }
    return weights.count - 1
  }
}
