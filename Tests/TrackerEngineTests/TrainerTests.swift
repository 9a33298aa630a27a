import Testing
import TrackerEngine
import TrackerGradientCheck
import TrackerOptimization

@Suite("Training")
struct TrainerTests {
  /// Everything that a training told.
  struct Record {
    var start: [Double] = []
    var epochs: [EpochMetrics] = []
    var checks: [(GradientCheck, CheckMoment)] = []
    var states: [Int: [UInt8]] = [:]
    var outcome: TrainingOutcome?
    var parameters: [Double]? { outcome?.parameters }

    /// The epochs, to the bit, without the one measurement that is not the training's own.
    var withoutTimes: [EpochMetrics] {
      epochs.map { epoch in
        EpochMetrics(epoch: epoch.epoch, values: epoch.values.filter { $0.key != "seconds" })
      }
    }
  }

  func train(
    resumingFrom state: [UInt8]? = nil, stoppingAt last: Int? = nil,
    _ change: (inout TrainingConfiguration) -> Void = { _ in }
  ) throws -> Record {
    var configuration = TrainingConfiguration()
    change(&configuration)
    let trainer = try Trainer(configuration: configuration, dataset: .digits())
    var record = Record()
    record.outcome = try trainer.run(resumingFrom: state) { event in
      switch event {
      case .started(let parameters): record.start = parameters
      case .epoch(let epoch):
        record.epochs.append(epoch)
        return epoch.epoch == last ? .stop : .proceed
      case .gradientCheck(let check, let moment): record.checks.append((check, moment))
      case .checkpoint(let epoch, let state): record.states[epoch] = state
      }
      return .proceed
    }
    return record
  }

  @Test(
    "The right gradient passes its check on inputs of any size, at the step that nobody chose",
    arguments: [1.0, 16, 255, 2000])
  func unscaledInputs(size: Double) throws {
    for seed in 0..<12 as Range<UInt64> {
      var generator = SplitMix(state: seed)
      let features = (0..<40 * 6).map { _ in size * generator.uniform() }
      let data = try Dataset(
        name: "unscaled", sha256: "", features: features, labels: (0..<40).map { $0 % 3 },
        classNames: ["a", "b", "c"], featureCount: 6)
      var configuration = TrainingConfiguration()
      configuration.hidden = seed % 3 == 0 ? [6, 5] : [7]
      configuration.activation = seed % 2 == 0 ? .tanh : .sigmoid
      configuration.scale = .none
      configuration.seed = seed
      configuration.testFraction = 0
      let trainer = try Trainer(configuration: configuration, dataset: data)
      var parameters = configuration.initialization.makeParameters(
        layerSizes: trainer.model.layerSizes, seed: seed)
      // The first layer's weights answer the inputs' size, so that its units are not all saturated.
      for index in 0..<trainer.model.layout.blocks[0].count { parameters[index] /= size / 2 + 0.5 }
      let check = try trainer.checkGradient(at: parameters)
      #expect(check.passed, "size \(size), seed \(seed): \(check.maxAbsoluteDifference)")
    }
  }

  /// Numbers for features; the labels mean nothing.
  private struct SplitMix {
    var state: UInt64
    mutating func uniform() -> Double {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }
  }

  @Test(
    "With all defaults it reads at least 95 % of the held-out digits, and its gradient is right")
  func defaults() throws {
    let record = try train()
    #expect(record.epochs.map(\.epoch) == Array(0...(record.outcome?.epochs ?? -1)))
    let last = try #require(record.epochs.last)
    #expect(try #require(last["testAccuracy"]) >= 0.95)
    #expect(
      last.values.map(\.key) == [
        "cost", "dataCost", "penalty", "trainAccuracy", "testAccuracy", "testCost", "gradientNorm",
        "stepLength", "evaluations", "seconds", "saturated.1", "saturated.2",
        "outputDeviation", "updateRatio.1", "updateRatio.2",
      ])
    #expect(record.checks.map(\.1) == [CheckMoment(.start, epoch: 0)])
    #expect(record.checks[0].0.passed)
    #expect(record.checks[0].0.checkedCount == 7510)
    #expect(record.checks[0].0.maxAbsoluteDifference <= 1e-8)
    #expect(record.start.count == 7510)
  }

  @Test("The same seed gives the same training, to the bit", arguments: OptimizerMethod.allCases)
  func repeatability(_ method: OptimizerMethod) throws {
    func once(_ seed: UInt64) throws -> Record {
      try train {
        $0.optimizer.method = method
        $0.hidden = [12]
        $0.epochs = 5
        $0.seed = seed
      }
    }
    let first = try once(3)
    let second = try once(3)
    #expect(first.withoutTimes == second.withoutTimes)
    #expect(first.parameters == second.parameters)
    #expect(try once(4).parameters != first.parameters)
  }

  @Test(
    "A training that goes on from a checkpoint ends as one that never stopped",
    arguments: OptimizerMethod.allCases)
  func resume(_ method: OptimizerMethod) throws {
    func change(_ configuration: inout TrainingConfiguration) {
      configuration.optimizer.method = method
      configuration.hidden = [12]
      configuration.epochs = 9
      configuration.patience = 6
      configuration.checkpointEvery = 2
      configuration.check.schedule = .never
    }
    let whole = try train(change)
    #expect(whole.states[4] != nil)
    let resumed = try train(resumingFrom: whole.states[4], change)
    #expect(resumed.withoutTimes == Array(whole.withoutTimes.dropFirst(5)))
    #expect(resumed.parameters == whole.parameters)
    #expect(resumed.outcome?.reason == whole.outcome?.reason)
  }

  @Test("The question's training records a failed check, every clamp hit and full saturation")
  func saturated() throws {
    let record = try train {
      $0.scale = .none
      $0.testFraction = 0
      $0.cost = .clamped
      $0.initialization = .uniform(lower: 0, upper: 3)
      $0.check.epsilon = 1e-7
      $0.epochs = 0
    }
    let epoch = try #require(record.epochs.first)
    #expect(epoch["clampHits"] == 17970)
    #expect(epoch["saturated.1"] == 1 && epoch["saturated.2"] == 1)
    #expect(epoch["testAccuracy"] == nil)
    let check = record.checks[0].0
    #expect(check.failedCount == 1010)
    #expect(check.blocks.filter { !$0.passed }.allSatisfy { $0.name == "theta2" })
  }

  @Test("Difference quotients train as back-propagation does, up to their truncation")
  func differences() throws {
    func cost(_ source: GradientSource) throws -> Double {
      let record = try train {
        $0.gradient = source
        $0.hidden = [10]
        $0.epochs = 10
        $0.check.schedule = .never
      }
      return try #require(record.epochs.last?["cost"])
    }
    let exact = try cost(.backprop)
    #expect(abs(try cost(.centralDifference) - exact) <= 1e-3 * exact)
    #expect(abs(try cost(.forwardDifference) - exact) <= 0.1 * exact)
  }

  @Test("Gradients are checked when the schedule says so")
  func schedule() throws {
    func moments(_ schedule: CheckSchedule) throws -> [CheckMoment] {
      try train {
        $0.hidden = [3]
        $0.epochs = 5
        $0.check.schedule = schedule
      }.checks.map(\.1)
    }
    let start = CheckMoment(.start, epoch: 0)
    let end = CheckMoment(.end, epoch: 5)
    #expect(try moments(.never).isEmpty)
    #expect(try moments(.start) == [start])
    #expect(try moments(.end) == [end])
    #expect(try moments(.both) == [start, end])
    #expect(
      try moments(.every(2)) == [start, CheckMoment(.step, epoch: 2), CheckMoment(.step, epoch: 4)])
  }

  @Test("Every way of checking passes on right code", arguments: DifferenceMethod.allCases)
  func methods(_ method: DifferenceMethod) throws {
    let record = try train {
      $0.epochs = 0
      $0.check.method = method
    }
    #expect(record.checks[0].0.passed)
    #expect(record.checks[0].0.epsilon == method.suggestedEpsilon)
  }

  @Test("It stops when it is asked to")
  func stops() throws {
    let record = try train(stoppingAt: 3) { $0.hidden = [5] }
    #expect(record.outcome?.reason == .stopped)
    #expect(record.outcome?.epochs == 3)
    #expect(record.epochs.count == 4)
  }

  @Test("What its caller throws ends it")
  func throwing() throws {
    struct Failure: Error {}
    let trainer = try Trainer(configuration: TrainingConfiguration(), dataset: .digits())
    #expect(throws: Failure.self) {
      try trainer.run { event in
        if case .epoch(let epoch) = event, epoch.epoch == 2 { throw Failure() }
        return .proceed
      }
    }
  }

  @Test("Early stopping keeps the parameters of the best epoch")
  func patience() throws {
    let record = try train {
      $0.lambda = 0
      $0.hidden = [40]
      $0.epochs = 500
      $0.patience = 5
      $0.optimizer.costTolerance = 0
    }
    guard case .patience(let best) = record.outcome?.reason else {
      Issue.record("ended by \(record.outcome?.sentence ?? "")")
      return
    }
    let costs = record.epochs.compactMap { $0["testCost"] }
    #expect(costs.min() == costs[best])
    #expect(record.outcome?.epochs == best + 5)
  }
}
