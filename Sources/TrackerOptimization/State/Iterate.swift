/// The point that a method stands on, and what every method keeps about the way there.
struct Iterate: Sendable {
  var parameters: [Double]
  var cost = Double.nan
  var gradient: [Double]
  var iteration = 0
  var evaluations = 0.0
  var stepLength = 0.0
  var stopReason: StopReason?

  /// Room for a trial point and its gradient. After an accepted step, the point before it.
  var otherParameters: [Double]
  var otherGradient: [Double]

  init(startingAt parameters: [Double]) {
    self.parameters = parameters
    gradient = [Double](repeating: 0, count: parameters.count)
    otherParameters = gradient
    otherGradient = gradient
  }

  /// Evaluates the objective at the start.
  mutating func begin(_ objective: some Objective, _ settings: OptimizerSettings) throws {
    precondition(objective.parameterCount == parameters.count)
    cost = try objective.valueAndGradient(at: parameters, into: &gradient)
    evaluations += 1
    if !cost.isFinite {
      stopReason = .nonFiniteCost
    } else if !isFinite(gradient) {
      stopReason = .nonFiniteGradient
    } else if maximumNorm(gradient) <= settings.tolerance {
      stopReason = .gradientTolerance
    }
  }

  /// Evaluates the objective at ``otherParameters``.
  mutating func evaluateOther(_ objective: some Objective) throws -> Double {
    evaluations += 1
    return try objective.valueAndGradient(at: otherParameters, into: &otherGradient)
  }

  /// Makes the trial point the current one, and the current one ``otherParameters``.
  mutating func accept(cost newCost: Double) {
    swap(&parameters, &otherParameters)
    swap(&gradient, &otherGradient)
    cost = newCost
    iteration += 1
    stepLength = squaredDistance(parameters, otherParameters).squareRoot()
  }

  /// Decides, after an accepted step with a line search, whether there is a next iteration.
  mutating func checkTolerances(previousCost: Double, _ settings: OptimizerSettings) {
    let decrease = previousCost - cost
    let scale = max(previousCost.magnitude, cost.magnitude, 1)
    if maximumNorm(gradient) <= settings.tolerance {
      stopReason = .gradientTolerance
    } else if decrease <= settings.costTolerance * scale, settings.costTolerance > 0 {
      stopReason = .costTolerance
    } else {
      checkEvaluationLimit(settings)
    }
  }

  mutating func checkEvaluationLimit(_ settings: OptimizerSettings) {
    if let limit = settings.evaluationLimit, evaluations >= Double(limit) {
      stopReason = .evaluationLimit
    }
  }

  mutating func visit(_ archive: inout StateArchive) throws {
    let count = parameters.count
    try archive.visit(&parameters, count: count)
    try archive.visit(&cost)
    try archive.visit(&gradient, count: count)
    try archive.visit(&iteration)
    try archive.visit(&evaluations)
    try archive.visit(&stepLength)
    guard iteration >= 0, evaluations >= 0 else {
      throw OptimizerError.damagedState("\(iteration) iterations, \(evaluations) evaluations")
    }
    try archive.visit(&stopReason, blank: .gradientTolerance) { try $0.visit(&$1) }
  }
}

/// An optimiser around an ``Iterate``: what the methods of this module have in common.
protocol IterativeOptimizer: Optimizer {
  var settings: OptimizerSettings { get }
  var iterate: Iterate { get set }

  init(settings: OptimizerSettings, startingAt parameters: [Double])

  /// One iteration from a point with a finite cost and gradient.
  mutating func iterateOnce(_ objective: some Objective) throws

  /// Names each part of the state that the next iteration depends on, after the header.
  mutating func visitState(_ archive: inout StateArchive) throws
}

extension IterativeOptimizer {
  var parameters: [Double] { iterate.parameters }
  var cost: Double { iterate.cost }
  var gradient: [Double] { iterate.gradient }
  var iteration: Int { iterate.iteration }
  var evaluations: Double { iterate.evaluations }
  var stepLength: Double { iterate.stepLength }
  var stopReason: StopReason? { iterate.stopReason }

  mutating func begin(_ objective: some Objective) throws {
    try iterate.begin(objective, settings)
  }

  mutating func advance(_ objective: some Objective) throws {
    precondition(evaluations > 0, "begin(_:) comes before advance(_:)")
    guard stopReason == nil else { return }
    try iterateOnce(objective)
  }

  func encodedState() -> [UInt8] {
    var archive = StateArchive()
    var copy = self
    var settings = settings
    var parameterCount = parameters.count
    do {
      try archive.visitHeader(&settings, &parameterCount)
      try copy.visitState(&archive)
    } catch {
      preconditionFailure("writing a state that could be made fails only by a mistake: \(error)")
    }
    return archive.bytes
  }
}
