import Testing

@testable import TrackerOptimization

@Suite("Against scipy and scikit-learn")
struct ReferenceTests {
  private let reference: Reference

  init() throws { reference = try Reference.load() }

  /// The lowest cost that the method has after at most this many evaluations, and the start's.
  private func costs(
    _ method: OptimizerMethod, evaluations: Int, _ objective: some Objective, from start: [Double]
  ) throws -> (start: Double, end: Double) {
    let settings = OptimizerSettings(
      method: method, tolerance: 1e-6, costTolerance: 0, evaluationLimit: evaluations)
    var optimizer = try settings.makeOptimizer(startingAt: start)
    try optimizer.begin(objective)
    let startCost = optimizer.cost
    var cost = startCost
    while optimizer.stopReason == nil {
      try optimizer.advance(objective)
      if optimizer.evaluations <= Double(evaluations) { cost = optimizer.cost }
    }
    return (startCost, cost)
  }

  @Test(
    "The cost is no higher than scipy's after as many evaluations, on the way as at the end",
    arguments: [
      "rosenbrock2", "rosenbrock10", "rosenbrock100", "quadratic", "logistic", "digits",
      "digitsSaturated",
    ])
  func costIsNoHigherThanScipys(problem: String) throws {
    let results = reference.scipy.filter { $0.problem == problem }
    #expect(results.count >= 4)
    for result in results {
      let method = try #require(OptimizerMethod(rawValue: result.method))
      let limit = result.evaluations
      let (start, cost) =
        switch problem {
        case "quadratic":
          try costs(
            method, evaluations: limit, Quadratic(parameterCount: 50, condition: 1e6),
            from: [Double](repeating: 0, count: 50))
        case "logistic":
          try costs(
            method, evaluations: limit, Logistic(), from: [Double](repeating: 0, count: 11))
        case "digits":
          try costs(
            method, evaluations: limit, DigitsNetwork(), from: DigitsNetwork().start())
        case "digitsSaturated":
          try costs(
            method, evaluations: limit, DigitsNetwork(),
            from: DigitsNetwork().start(from: 0, to: 3))
        default:
          try costs(
            method, evaluations: limit,
            Rosenbrock(parameterCount: #require(Int(problem.dropFirst("rosenbrock".count)))),
            from: Rosenbrock(
              parameterCount: #require(Int(problem.dropFirst("rosenbrock".count)))
            ).start)
        }
      // On the way a few evaluations more or less are many times the cost: what counts is what was gained.
      // Below 1e-10 of the start both have arrived, and what is left is rounding.
      let bound =
        result.isEnd
        ? 1.02 * result.cost + 1e-10 * start : result.cost + 0.02 * (start - result.cost)
      #expect(
        cost <= bound,
        "\(method) on \(problem), \(limit) evaluations: \(cost) against \(result.cost)")
    }
  }

  @Test("Logistic regression ends where scikit-learn's does", arguments: OptimizerMethod.allCases)
  func logisticRegressionEndsAtTheOptimum(method: OptimizerMethod) throws {
    let objective = Logistic()
    var settings = OptimizerSettings(method: method, tolerance: 1e-7, costTolerance: 0)
    // Mini-batches of all examples, so that the way ends in the optimum instead of around it.
    settings.batchSize = objective.exampleCount
    if method.isMiniBatch { settings.learningRate = 0.1 }
    var optimizer = try settings.makeOptimizer(startingAt: [Double](repeating: 0, count: 11))
    try optimizer.run(objective, iterations: 1000)
    #expect(optimizer.stopReason == .gradientTolerance)
    #expect(abs(optimizer.cost - reference.logistic.optimum) <= 1e-10)
    for (own, theirs) in zip(optimizer.parameters, reference.logistic.parameters) {
      #expect(abs(own - theirs) <= 1e-4)
    }
  }

  @Test(
    "SGD's momentum takes scikit-learn's way over the same mini-batches", arguments: [true, false])
  func momentumTakesTheSameWay(nesterov: Bool) throws {
    let settings = OptimizerSettings(
      method: .sgd, learningRate: 0.05, nesterov: nesterov, batchSize: 32, seed: 5)
    var optimizer = try settings.makeOptimizer(startingAt: [Double](repeating: 0, count: 11))
    try optimizer.run(Logistic(), iterations: 20)
    let theirs = nesterov ? reference.logistic.nesterov : reference.logistic.momentum
    for (own, other) in zip(optimizer.parameters, theirs) { #expect(abs(own - other) <= 1e-11) }
  }

  @Test("Adam takes scikit-learn's way over the same mini-batches")
  func adamTakesTheSameWay() throws {
    let settings = OptimizerSettings(method: .adam, learningRate: 0.01, batchSize: 32, seed: 5)
    var optimizer = try settings.makeOptimizer(startingAt: [Double](repeating: 0, count: 11))
    try optimizer.run(Logistic(), iterations: 20)
    // Theirs adds ε before the bias correction, which differs by parts in a million.
    for (own, other) in zip(optimizer.parameters, reference.logistic.adam) {
      #expect(abs(own - other) <= 1e-5)
    }
  }

  @Test("SplitMix64 gives the numbers that its reference implementation gives")
  func splitMixMatchesItsReference() {
    var generator = SplitMix64(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
  }
}
