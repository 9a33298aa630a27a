/// Limited-memory BFGS.
///
/// Source: D. C. Liu and J. Nocedal, "On the limited memory BFGS method for large scale
/// optimization", Math. Program. 45 (1989) 503–528, with the scaling of Nocedal and Wright, Numerical
/// Optimization (2nd ed., 2006), eq. 7.20.
struct LimitedMemoryBFGS: IterativeOptimizer {
  let settings: OptimizerSettings
  var iterate: Iterate
  private var pairs = CorrectionPairs()
  private var direction: [Double]

  init(settings: OptimizerSettings, startingAt parameters: [Double]) {
    self.settings = settings
    iterate = Iterate(startingAt: parameters)
    direction = [Double](repeating: 0, count: parameters.count)
  }

  mutating func iterateOnce(_ objective: some Objective) throws {
    scale(iterate.gradient, by: -1, into: &direction)
    pairs.multiply(&direction) { scale(&$0, by: pairs.scaling) }
    let isSteepest = pairs.isEmpty
    let progress = try iterate.advance(
      along: &direction, isSteepest: isSteepest, firstStep: isSteepest ? iterate.steepestStep : 1,
      LineSearch(), objective, settings)
    if progress == .restarted { pairs.removeAll() }
    if progress != .stopped {
      pairs.append(
        from: iterate.otherParameters, iterate.otherGradient, to: iterate.parameters,
        iterate.gradient, limit: settings.memory)
    }
  }

  mutating func visitState(_ archive: inout StateArchive) throws {
    try iterate.visit(&archive)
    try pairs.visit(&archive, parameterCount: parameters.count)
  }
}
