/// Gradient descent: with a learning rate in fixed (or scheduled) steps, else with backtracking.
///
/// Source of the backtracking: L. Armijo, "Minimization of functions having Lipschitz continuous
/// first partial derivatives", Pacific J. Math. 16 (1966) 1–3; the parabola that chooses the shorter
/// step is Nocedal and Wright's (2006), eq. 3.58.
struct GradientDescent: IterativeOptimizer {
  let settings: OptimizerSettings
  var iterate: Iterate
  /// The step that backtracking begins with, per unit of gradient; 0 before the first.
  private var rate = 0.0

  /// The share of the promised decrease that a step must reach: below ½, so that the minimum of a
  /// parabola is accepted, but not so far below that a leap across the valley is, which gains nothing.
  private static let sufficientDecrease = 0.3
  private static let trialLimit = 60

  init(settings: OptimizerSettings, startingAt parameters: [Double]) {
    self.settings = settings
    iterate = Iterate(startingAt: parameters)
  }

  mutating func iterateOnce(_ objective: some Objective) throws {
    if let rate = settings.learningRate(pass: iteration) {
      try takeStep(rate, objective)
    } else {
      try backtrack(objective)
    }
  }

  /// A step of a fixed length asks no question of the cost, so that only the gradient's tolerance and
  /// a cost that is not a number end the way.
  private mutating func takeStep(_ rate: Double, _ objective: some Objective) throws {
    add(iterate.parameters, -rate, iterate.gradient, into: &iterate.otherParameters)
    iterate.accept(cost: try iterate.evaluateOther(objective))
    if !cost.isFinite {
      iterate.stopReason = .nonFiniteCost
    } else if !isFinite(gradient) {
      iterate.stopReason = .nonFiniteGradient
    } else if maximumNorm(gradient) <= settings.tolerance {
      iterate.stopReason = .gradientTolerance
    } else {
      iterate.checkEvaluationLimit(settings)
    }
  }

  private mutating func backtrack(_ objective: some Objective) throws {
    let previousCost = cost
    let square = dot(gradient, gradient)
    var trialRate = rate == 0 ? iterate.steepestStep : 2 * rate
    let promised = trialRate * square
    for _ in 0..<Self.trialLimit {
      add(iterate.parameters, -trialRate, iterate.gradient, into: &iterate.otherParameters)
      let trialCost = try iterate.evaluateOther(objective)
      if trialCost == -.infinity {
        iterate.accept(cost: trialCost)
        iterate.stopReason = .unbounded
        return
      }
      let isUsable = trialCost.isFinite && isFinite(iterate.otherGradient)
      let decrease = previousCost - trialCost
      if isUsable, decrease > 0, decrease >= Self.sufficientDecrease * trialRate * square {
        rate = trialRate
        iterate.accept(cost: trialCost)
        iterate.checkTolerances(previousCost: previousCost, settings)
        return
      }
      // The minimiser of the parabola through both costs and the slope −‖g‖², within bounds.
      let minimizer = 0.5 * trialRate * square / (trialRate * square - decrease) * trialRate
      trialRate = isUsable ? min(max(minimizer, 0.1 * trialRate), 0.5 * trialRate) : 0.1 * trialRate
    }
    iterate.stopReason = promised <= 16 * cost.ulp ? .precisionLoss : .lineSearchFailed
  }

  mutating func visitState(_ archive: inout StateArchive) throws {
    try iterate.visit(&archive)
    try archive.visit(&rate)
  }
}
