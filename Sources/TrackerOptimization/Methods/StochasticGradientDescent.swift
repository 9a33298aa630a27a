import CTrackerKernels

/// Stochastic gradient descent over mini-batches, with momentum.
///
/// Sources: H. Robbins and S. Monro, "A stochastic approximation method", Ann. Math. Statist. 22
/// (1951) 400–407; momentum: B. T. Polyak, USSR Comput. Math. Math. Phys. 4 (1964) 1–17; Nesterov's:
/// I. Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML
/// 2013, eqs. 3–4, in the variables of the point that is looked ahead to (Y. Bengio et al.,
/// "Advances in optimizing recurrent networks", ICASSP 2013, eqs. 6–7).
struct StochasticGradientDescent: IterativeOptimizer {
  let settings: OptimizerSettings
  var iterate: Iterate
  private var velocity: [Double]

  init(settings: OptimizerSettings, startingAt parameters: [Double]) {
    self.settings = settings
    iterate = Iterate(startingAt: parameters)
    velocity = [Double](repeating: 0, count: parameters.count)
  }

  mutating func iterateOnce(_ objective: some Objective) throws {
    try iterate.pass(over: objective, settings) { parameters, gradient, rate in
      tracker_momentum_update(
        rate, settings.momentum, settings.nesterov ? 1 : 0, gradient, &velocity, &parameters,
        gradient.count)
    }
  }

  mutating func visitState(_ archive: inout StateArchive) throws {
    try iterate.visit(&archive)
    try archive.visit(&velocity, count: parameters.count)
  }
}
