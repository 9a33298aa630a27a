import Testing

@testable import TrackerOptimization

@Suite("Saved states")
struct StateTests {
  private func settings(_ method: OptimizerMethod) -> OptimizerSettings {
    OptimizerSettings(
      method: method, schedule: .step(every: 3, factor: 0.5), tolerance: 0, costTolerance: 0,
      evaluationLimit: 100_000, seed: 3)
  }

  @Test(
    "A restored optimiser goes on to the same bits", arguments: OptimizerMethod.allCases,
    [0, 1, 2, 5, 17])
  func restoredGoesOnToTheSameBits(method: OptimizerMethod, iterations: Int) throws {
    // Long enough for BFGS to be saved as a sum of updates, and as a matrix.
    try expectSameBits(method, after: iterations, Rosenbrock(parameterCount: 100))
    try expectSameBits(method, after: iterations, Logistic())
  }

  private func expectSameBits(
    _ method: OptimizerMethod, after iterations: Int, _ objective: some Objective
  ) throws {
    let start = (0..<objective.parameterCount).map { $0.isMultiple(of: 2) ? -0.3 : 0.2 }
    var optimizer = try settings(method).makeOptimizer(startingAt: start)
    try optimizer.run(objective, iterations: iterations)
    let state = optimizer.encodedState()
    var restored = try OptimizerSettings.restoreOptimizer(from: state)
    #expect(restored.encodedState() == state)
    for _ in 0..<12 {
      try optimizer.advance(objective)
      try restored.advance(objective)
      #expect(optimizer.parameters.map(\.bitPattern) == restored.parameters.map(\.bitPattern))
      #expect(optimizer.gradient.map(\.bitPattern) == restored.gradient.map(\.bitPattern))
      #expect(optimizer.cost.bitPattern == restored.cost.bitPattern)
      #expect(optimizer.stepLength.bitPattern == restored.stepLength.bitPattern)
      #expect(optimizer.evaluations == restored.evaluations)
      #expect(optimizer.iteration == restored.iteration)
      #expect(optimizer.stopReason == restored.stopReason)
    }
    #expect(optimizer.encodedState() == restored.encodedState())
  }

  @Test("A stopped optimiser is restored as stopped", arguments: OptimizerMethod.searching)
  func stoppedStaysStopped(method: OptimizerMethod) throws {
    var optimizer = try OptimizerSettings(method: method, evaluationLimit: 3)
      .makeOptimizer(startingAt: Rosenbrock(parameterCount: 4).start)
    try optimizer.run(Rosenbrock(parameterCount: 4))
    let restored = try OptimizerSettings.restoreOptimizer(from: optimizer.encodedState())
    #expect(restored.stopReason == .evaluationLimit)
  }

  @Test("A copy goes on without the original", arguments: OptimizerMethod.allCases)
  func copiesAreIndependent(method: OptimizerMethod) throws {
    let objective = Rosenbrock(parameterCount: 10)
    var optimizer = try OptimizerSettings(method: method).makeOptimizer(startingAt: objective.start)
    try optimizer.run(objective, iterations: 2)
    let before = optimizer.encodedState()
    var copy = optimizer
    try copy.advance(objective, iterations: 3)
    #expect(optimizer.encodedState() == before)
    try optimizer.advance(objective, iterations: 3)
    #expect(optimizer.encodedState() == copy.encodedState())
  }

  @Test("A state cut off anywhere is refused", arguments: OptimizerMethod.allCases)
  func truncatedStateIsRefused(method: OptimizerMethod) throws {
    let state = try savedState(method)
    for length in 0..<state.count {
      #expect(throws: OptimizerError.self) {
        try OptimizerSettings.restoreOptimizer(from: Array(state[..<length]))
      }
    }
    #expect(throws: OptimizerError.self) {
      try OptimizerSettings.restoreOptimizer(from: state + [0])
    }
  }

  @Test(
    "A state with a flipped bit is refused or read, never a crash",
    arguments: OptimizerMethod.allCases)
  func flippedBitsDoNotCrash(method: OptimizerMethod) throws {
    let state = try savedState(method)
    for index in state.indices {
      var damaged = state
      damaged[index] ^= 0x81
      do {
        _ = try OptimizerSettings.restoreOptimizer(from: damaged)
      } catch is OptimizerError {
        continue
      }
    }
  }

  private func savedState(_ method: OptimizerMethod) throws -> [UInt8] {
    let objective = Rosenbrock(parameterCount: 3)
    var optimizer = try settings(method).makeOptimizer(startingAt: objective.start)
    try optimizer.run(objective, iterations: 4)
    return optimizer.encodedState()
  }
}
