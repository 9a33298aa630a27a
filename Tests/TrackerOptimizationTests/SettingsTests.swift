import Foundation
import Testing

@testable import TrackerOptimization

@Suite("Optimiser settings")
struct SettingsTests {
  @Test("The defaults are legal for every method", arguments: OptimizerMethod.allCases)
  func defaultsAreLegal(method: OptimizerMethod) throws {
    try OptimizerSettings(method: method).validate()
  }

  @Test(
    "A setting outside its range is refused by name",
    arguments: [
      ("learningRate", OptimizerSettings(method: .gd, learningRate: 0)),
      ("learningRate", OptimizerSettings(method: .sgd, learningRate: .nan)),
      ("learningRate", OptimizerSettings(method: .lbfgs, learningRate: 0.1)),
      ("schedule", OptimizerSettings(method: .sgd, schedule: .step(every: 0, factor: 0.5))),
      ("momentum", OptimizerSettings(method: .sgd, momentum: 1)),
      ("momentum", OptimizerSettings(method: .sgd, momentum: .nan)),
      ("batchSize", OptimizerSettings(method: .sgd, batchSize: 0)),
      ("memory", OptimizerSettings(memory: 0)),
      ("tolerance", OptimizerSettings(tolerance: -1)),
      ("tolerance", OptimizerSettings(tolerance: .infinity)),
      ("costTolerance", OptimizerSettings(costTolerance: 1)),
      ("evaluationLimit", OptimizerSettings(evaluationLimit: 0)),
    ])
  func illegalIsRefused(name: String, settings: OptimizerSettings) throws {
    let error = #expect(throws: OptimizerError.self) { try settings.makeOptimizer(startingAt: [1]) }
    guard case .invalidSetting(name, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.description.hasPrefix("\(name) is ") == true)
  }

  @Test("Settings survive JSON")
  func settingsSurviveJSON() throws {
    let settings = OptimizerSettings(
      method: .sgd, learningRate: 0.3, schedule: .inverse(decay: 0.25), evaluationLimit: 5,
      seed: .max)
    let data = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode(OptimizerSettings.self, from: data) == settings)
  }

  @Test(
    "A schedule is read back from its text",
    arguments: [
      LearningRateSchedule.constant, .step(every: 10, factor: 0.5), .exponential(factor: 0.95),
      .cosine(passes: 200), .inverse(decay: 0.01),
    ])
  func schedulesAreReadBack(schedule: LearningRateSchedule) {
    #expect(LearningRateSchedule(schedule.description) == schedule)
  }

  @Test(
    "A text that is no schedule is refused",
    arguments: [
      "", "constant:1", "step", "step:0:0.5", "step:3:nan", "step:3:2", "cosine:0", "cosine:1.5",
      "inverse:-1", "exponential:0", "linear:3",
    ])
  func otherTextsAreRefused(text: String) {
    #expect(LearningRateSchedule(text) == nil)
  }

  @Test("Schedules have the values of their formulas")
  func schedulesHaveTheirValues() {
    #expect(LearningRateSchedule.constant.factor(pass: 99) == 1)
    #expect(
      (0..<5).map(LearningRateSchedule.step(every: 2, factor: 0.5).factor) == [
        1, 1, 0.5, 0.5, 0.25,
      ])
    #expect(LearningRateSchedule.exponential(factor: 0.5).factor(pass: 3) == 0.125)
    #expect(LearningRateSchedule.inverse(decay: 0.5).factor(pass: 2) == 0.5)
    let cosine = LearningRateSchedule.cosine(passes: 4)
    #expect(cosine.factor(pass: 0) == 1)
    #expect(abs(cosine.factor(pass: 2) - 0.5) <= 1e-15)
    #expect(cosine.factor(pass: 4) == 0)
    #expect(cosine.factor(pass: 9) == 0)
  }

  @Test("The learning rate's schedule shortens the steps")
  func scheduleShortensSteps() throws {
    let slope = FunctionObjective(parameterCount: 1, cost: { -$0[0] }, gradient: { _ in [-1] })
    let settings = OptimizerSettings(
      method: .gd, learningRate: 0.5, schedule: .exponential(factor: 0.5))
    var optimizer = try settings.makeOptimizer(startingAt: [0])
    try optimizer.begin(slope)
    var lengths: [Double] = []
    for _ in 0..<3 {
      try optimizer.advance(slope)
      lengths.append(optimizer.stepLength)
    }
    #expect(lengths == [0.5, 0.25, 0.125])
  }

  @Test("The memory is known before it is taken, and too much of it refused")
  func memoryIsKnown() {
    let settings = OptimizerSettings(method: .bfgs)
    let digits = settings.workingBytes(parameterCount: 7510)
    #expect((4 * 7510 * 7510...6 * 7510 * 7510).contains(digits))
    #expect(settings.workingBytes(parameterCount: .max / 16) == .max)
    // As large as a network for MNIST; nothing is allocated before the refusal.
    let error = #expect(throws: OptimizerError.self) {
      try settings.makeOptimizer(startingAt: [Double](repeating: 0, count: 238_510))
    }
    guard case .tooLarge(.bfgs, 238_510, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("A pass sees each example once, in an order that the seed and its number decide")
  func passesSeeEachExampleOnce() throws {
    final class Recorder: Objective {
      let parameterCount = 1
      let exampleCount = 10
      var seen: [[Int]] = []
      func value(at parameters: [Double]) -> Double { 0 }
      func valueAndGradient(at parameters: [Double], into gradient: inout [Double]) -> Double {
        gradient[0] = 1
        return 0
      }
      func valueAndGradient(
        at parameters: [Double], examples: ArraySlice<Int>, into gradient: inout [Double]
      ) -> Double {
        seen.append(Array(examples))
        gradient[0] = 1
        return 0
      }
    }
    func batches(seed: UInt64) throws -> [[Int]] {
      let recorder = Recorder()
      var optimizer = try OptimizerSettings(method: .sgd, batchSize: 4, seed: seed)
        .makeOptimizer(startingAt: [0])
      try optimizer.run(recorder, iterations: 2)
      #expect(optimizer.evaluations == 3)
      return recorder.seen
    }
    let first = try batches(seed: 1)
    #expect(first.map(\.count) == [4, 4, 2, 4, 4, 2])
    #expect(first[..<3].joined().sorted() == Array(0..<10))
    #expect(first[3...].joined().sorted() == Array(0..<10))
    #expect(Array(first[..<3]) != Array(first[3...]))
    #expect(try batches(seed: 1) == first)
    #expect(try batches(seed: 2) != first)
  }
}
