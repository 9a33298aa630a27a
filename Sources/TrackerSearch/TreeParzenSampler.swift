import TrackerOptimization

/// The tree-structured Parzen estimator: draws from a density of the best trials so far, and takes of its draws the one
/// that is likeliest among them and least likely among the others.
///
/// Source: J. Bergstra et al., "Algorithms for hyper-parameter optimization", NIPS 2011, section 4. The settings are
/// those that Optuna documents for its TPESampler (T. Akiba et al., KDD 2019; version 5.0): the best tenth of the trials
/// makes the good density, at most 25 of them. Otherwise than there, the first trials are a Latin hypercube (M. D. McKay
/// et al., Technometrics 21, 1979), and twice as many candidates are drawn.
package struct TreeParzenSampler: Sendable {
  private let dimensions: [SearchDimension]
  private let seed: UInt64

  /// So many trials are spread evenly before the densities say anything.
  static let startupTrials = 10
  /// So many points are drawn for each trial.
  static let candidates = 48

  /// A search of these dimensions.
  package init(dimensions: [SearchDimension], seed: UInt64) {
    self.dimensions = dimensions
    self.seed = seed
  }

  /// The coordinates of a trial, which depend on its number, the seed and what is known of others alone.
  ///
  /// - Parameter history: the trials so far, oldest first. Those that still go on count among the bad ones, so that
  ///   trials side by side do not crowd ("constant liar")
  package func coordinates(trial number: Int, after history: [Observation]) -> [Double] {
    let known = history.count { $0.loss != nil }
    guard known >= Self.startupTrials else { return startingPoint(trial: number) }
    let losses = history.map { observation in
      observation.loss.map { $0.isNaN ? .infinity : $0 } ?? .infinity
    }
    // Equal losses: the earlier trial is the better one.
    let ranking = history.indices.sorted { (losses[$0], $0) < (losses[$1], $1) }
    let bestCount = min((known + 9) / 10, 25)
    let best = Set(ranking.prefix(bestCount))
    func density(_ isWanted: (Int) -> Bool) -> ParzenEstimator {
      ParzenEstimator(
        observations: history.indices.filter(isWanted).map { history[$0].coordinates },
        dimensions: dimensions)
    }
    let good = density { best.contains($0) }
    let bad = density { !best.contains($0) }
    var generator = SplitMix64(seed: seed, trial: number)
    var choice = (point: [Double](), score: -Double.infinity)
    for _ in 0..<Self.candidates {
      let point = good.sample(&generator)
      let score = good.logDensity(at: point) - bad.logDensity(at: point)
      if score > choice.score || choice.point.isEmpty { choice = (point, score) }
    }
    return choice.point
  }

  /// A point of a Latin hypercube: along each dimension every tenth of it has one of the first ten trials.
  private func startingPoint(trial number: Int) -> [Double] {
    var generator = SplitMix64(seed: seed, trial: number)
    return dimensions.enumerated().map { axis, dimension in
      // Beside trials that take long, more than ten may start before ten are known: they begin a new hypercube.
      let (round, place) = number.quotientAndRemainder(dividingBy: Self.startupTrials)
      var order = Array(0..<Self.startupTrials)
      var shuffling = SplitMix64(seed: seed, trial: -1 - axis - round * dimensions.count)
      shuffling.shuffle(&order)
      let coordinate =
        (Double(order[place]) + generator.uniform()) / Double(Self.startupTrials)
      switch dimension {
      case .interval: return coordinate
      case .choice(let count): return (coordinate * Double(count)).rounded(.down)
      }
    }
  }
}
