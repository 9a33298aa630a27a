import Testing

@testable import TrackerOptimization
import TrackerSystem

@Suite("Stop reasons")
struct StopReasonTests {
  private func objective(
    _ count: Int = 2, cost: @escaping ([Double]) throws -> Double,
    gradient: @escaping ([Double]) throws -> [Double]
  ) -> FunctionObjective {
    FunctionObjective(parameterCount: count, cost: cost, gradient: gradient)
  }

  private func run(
    _ method: OptimizerMethod, _ objective: some Objective, from start: [Double],
    learningRate: Double? = nil, tolerance: Double = 1e-5, costTolerance: Double = 0,
    evaluationLimit: Int? = nil, iterations: Int = 3000
  ) throws -> any Optimizer {
    let settings = OptimizerSettings(
      method: method, learningRate: learningRate, tolerance: tolerance,
      costTolerance: costTolerance, evaluationLimit: evaluationLimit)
    var optimizer = try settings.makeOptimizer(startingAt: start)
    try optimizer.run(objective, iterations: iterations)
    return optimizer
  }

  @Test("A small gradient is converged", arguments: OptimizerMethod.searching)
  func smallGradientConverges(method: OptimizerMethod) throws {
    let optimizer = try run(
      method, Quadratic(parameterCount: 5, condition: 10), from: [0, 3, 0, 0, 1])
    #expect(optimizer.stopReason == .gradientTolerance)
    #expect(maximumNorm(optimizer.gradient) <= 1e-5)
    #expect(optimizer.stopReason?.isSuccess == true)
  }

  @Test(
    "A constant cost with its gradient of zero is converged at once",
    arguments: OptimizerMethod.allCases)
  func constantCostConverges(method: OptimizerMethod) throws {
    let constant = objective(cost: { _ in 3 }, gradient: { _ in [0, 0] })
    let optimizer = try run(method, constant, from: [1, 2])
    #expect(optimizer.stopReason == .gradientTolerance)
    #expect(optimizer.iteration == 0)
    #expect(optimizer.evaluations == 1)
  }

  @Test(
    "A small decrease is converged where that is asked for", arguments: OptimizerMethod.searching)
  func smallDecreaseConverges(method: OptimizerMethod) throws {
    let optimizer = try run(
      method, Rosenbrock(parameterCount: 10), from: Rosenbrock(parameterCount: 10).start,
      tolerance: 0, costTolerance: 1e-3)
    #expect(optimizer.stopReason == .costTolerance)
    #expect(optimizer.stopReason?.isSuccess == true)
  }

  @Test(
    "A flat cost whose gradient says otherwise fails the line search, and is never converged",
    arguments: OptimizerMethod.searching)
  func flatCostFails(method: OptimizerMethod) throws {
    let flat = objective(cost: { _ in 127.4 }, gradient: { _ in [0.9, -0.9] })
    let optimizer = try run(method, flat, from: [1, 2], costTolerance: 1e-3)
    #expect(optimizer.stopReason == .lineSearchFailed)
    #expect(optimizer.stopReason?.isSuccess == false)
    #expect(optimizer.parameters == [1, 2])
  }

  @Test(
    "A gradient with the wrong sign fails the line search", arguments: OptimizerMethod.searching)
  func wrongSignFails(method: OptimizerMethod) throws {
    let wrong = objective(
      cost: { dot($0, $0) }, gradient: { x in x.map { -2 * $0 } })
    let optimizer = try run(method, wrong, from: [1, 2])
    #expect(optimizer.stopReason == .lineSearchFailed)
    #expect(optimizer.parameters == [1, 2])
  }

  @Test("A line without a lower end is unbounded", arguments: OptimizerMethod.searching)
  func linearCostIsUnbounded(method: OptimizerMethod) throws {
    let line = objective(cost: { 1 - $0[0] - $0[1] }, gradient: { _ in [-1, -1] })
    let optimizer = try run(method, line, from: [0, 0])
    #expect(optimizer.stopReason == .unbounded)
    #expect(optimizer.stopReason?.isSuccess == false)
  }

  @Test(
    "A region of NaN or infinity is too far, and the minimum before it is found",
    arguments: OptimizerMethod.searching, [Double.nan, .infinity])
  func nonFiniteRegionIsTooFar(method: OptimizerMethod, outside: Double) throws {
    // x − 1e-2 log x and the same in y, cut off close to the minimum on the far side too.
    let barrier = objective(
      cost: { x in
        x.allSatisfy { $0 > 0 && $0 < 40 } ? x.reduce(0) { $0 + $1 - 1e-2 * log($1) } : outside
      },
      gradient: { x in
        x.map { $0 > 0 && $0 < 40 ? 1 - 1e-2 / $0 : .nan }
      })
    let optimizer = try run(method, barrier, from: [30, 39.9])
    #expect(optimizer.stopReason == .gradientTolerance)
    for value in optimizer.parameters { #expect(abs(value - 0.01) <= 1e-6) }
  }

  @Test(
    "A gradient of NaN beside a finite cost is too far as well",
    arguments: OptimizerMethod.searching)
  func nonFiniteGradientIsTooFar(method: OptimizerMethod) throws {
    let broken = objective(
      1, cost: { $0[0] * $0[0] }, gradient: { [$0[0] < -0.5 ? .nan : 2 * $0[0]] })
    let optimizer = try run(method, broken, from: [0.9])
    #expect(optimizer.stopReason == .gradientTolerance)
  }

  @Test(
    "A start where the cost or its gradient is not a number ends there",
    arguments: OptimizerMethod.allCases)
  func nonFiniteStartStops(method: OptimizerMethod) throws {
    let noCost = objective(cost: { _ in .nan }, gradient: { _ in [1, 1] })
    #expect(try run(method, noCost, from: [1, 2]).stopReason == .nonFiniteCost)
    let infinite = objective(cost: { _ in .infinity }, gradient: { _ in [1, 1] })
    #expect(try run(method, infinite, from: [1, 2]).stopReason == .nonFiniteCost)
    let noGradient = objective(cost: { _ in 1 }, gradient: { _ in [1, .nan] })
    let optimizer = try run(method, noGradient, from: [1, 2])
    #expect(optimizer.stopReason == .nonFiniteGradient)
    #expect(optimizer.iteration == 0)
  }

  @Test(
    "Steps that are too long end with a cost that is not a number",
    arguments: [OptimizerMethod.gd, .sgd])
  func divergenceStops(method: OptimizerMethod) throws {
    let optimizer = try run(
      method, Quadratic(parameterCount: 4, condition: 100), from: [0, 0, 0, 0], learningRate: 1)
    #expect([.nonFiniteCost, .nonFiniteGradient].contains(optimizer.stopReason))
  }

  @Test(
    "Fixed steps on a flat cost never call it converged",
    arguments: [OptimizerMethod.gd, .sgd, .adam])
  func fixedStepsNeverConvergeOnFlatCost(method: OptimizerMethod) throws {
    let flat = objective(cost: { _ in 1 }, gradient: { _ in [0.9, -0.9] })
    let optimizer = try run(
      method, flat, from: [1, 2], learningRate: 0.1, costTolerance: 1e-3, iterations: 50)
    #expect(optimizer.stopReason == nil)
  }

  @Test(
    "What rounding hides is lost precision, not convergence", arguments: OptimizerMethod.searching)
  func roundingIsPrecisionLoss(method: OptimizerMethod) throws {
    let high = objective(
      cost: { 1e10 + dot($0, $0) }, gradient: { x in x.map { 2 * $0 } })
    let optimizer = try run(method, high, from: [3, -4], tolerance: 0)
    #expect([.precisionLoss, .gradientTolerance].contains(optimizer.stopReason))
    if optimizer.stopReason == .gradientTolerance { #expect(maximumNorm(optimizer.gradient) == 0) }
    let lost = try run(method, high, from: [1e-9, -1e-9], tolerance: 0)
    #expect(lost.stopReason == .precisionLoss)
    #expect(lost.iteration == 0)
  }

  @Test("The evaluations that are allowed end the way", arguments: OptimizerMethod.allCases)
  func evaluationLimitStops(method: OptimizerMethod) throws {
    let optimizer = try run(
      method, Quadratic(parameterCount: 10, condition: 5), from: [Double](repeating: 0, count: 10),
      tolerance: 0, evaluationLimit: 9)
    #expect(optimizer.stopReason == .evaluationLimit)
    #expect(optimizer.evaluations >= 9)
  }

  @Test("An objective's error comes out", arguments: OptimizerMethod.allCases)
  func errorsComeOut(method: OptimizerMethod) throws {
    struct Refused: Error {}
    let refusing = objective(
      cost: { x in if x != [1, 2] { throw Refused() } else { 1 } }, gradient: { _ in [1, 1] })
    #expect(throws: Refused.self) { try run(method, refusing, from: [1, 2]) }
  }

  @Test("Each reason has a sentence and a condition of its own")
  func reasonsAreDescribed() {
    #expect(Set(StopReason.allCases.map(\.sentence)).count == StopReason.allCases.count)
    #expect(Set(StopReason.allCases.map(\.condition)).count == StopReason.allCases.count)
    #expect(StopReason.allCases.filter(\.isSuccess) == [.gradientTolerance, .costTolerance])
  }
}
