public import TrackerGradientCheck
import TrackerOptimization

/// Trains a network and tells what happens, event by event.
///
/// The trainer keeps nothing and prints nothing: its caller's closure sees each event before the next
/// thing is done, may throw to end the training with an error, and may ask it to stop.
public struct Trainer {
  /// What decides the training.
  public let configuration: TrainingConfiguration
  /// The network.
  public let model: NetworkModel
  private let objective: NetworkObjective
  private let heldOut: NetworkObjective?
  private let scaler: FeatureScaler
  /// The examples that are held out, as they were before they were scaled.
  public let heldOutData: Dataset

  /// A training of `dataset` as `configuration` says.
  ///
  /// - Throws: ``ConfigurationError`` for an option outside its legal range, ``DatasetError`` when the
  ///   data cannot be split or scaled so
  public init(configuration: TrainingConfiguration, dataset: Dataset) throws {
    try configuration.validate()
    try configuration.requireMemory(for: dataset)
    self.configuration = configuration
    model = configuration.model(for: dataset)
    let (training, heldOut) = try dataset.stratifiedSplit(
      testFraction: configuration.testFraction, seed: configuration.splitSeed)
    scaler = FeatureScaler(configuration.scale, fittedOn: training)
    heldOutData = heldOut
    objective = try NetworkObjective(model: model, data: scaler.scaled(training))
    self.heldOut =
      heldOut.rowCount == 0
      ? nil : try NetworkObjective(model: model, data: scaler.scaled(heldOut))
  }

  /// Trains from the start, or from where a checkpoint's state left off.
  ///
  /// - Parameters:
  ///   - state: what a ``TrainingEvent/checkpoint(epoch:state:)`` of an equal training carried
  ///   - handle: sees each event; its answer to an epoch says whether to go on
  /// - Returns: how it ended
  /// - Throws: what `handle` throws; `OptimizerError`
  public func run(
    resumingFrom state: [UInt8]? = nil, _ handle: (TrainingEvent) throws -> Continuation
  ) throws -> TrainingOutcome {
    var session = try Session(self, state: state)
    return try session.run(handle)
  }

  /// The epochs that were done when a checkpoint was made.
  ///
  /// - Throws: ``DamagedCheckpoint``
  public static func epoch(ofCheckpoint state: [UInt8]) throws -> Int {
    try TrainingState(decoding: state).epoch
  }

  /// The cost with the gradient that trains.
  private var trainingObjective: any Objective {
    guard let method = configuration.gradient.differenceMethod else { return objective }
    return DifferenceObjective(
      network: objective, method: method, step: configuration.dx ?? configuration.gradient.step)
  }

  /// How often an epoch changes the parameters.
  private var updatesPerEpoch: Double {
    guard configuration.optimizer.method.isMiniBatch else { return 1 }
    let size = min(max(1, configuration.optimizer.batchSize), trainingExampleCount)
    return (Double(trainingExampleCount) / Double(size)).rounded(.up)
  }

  /// m, the examples of the training part.
  public var trainingExampleCount: Int { objective.exampleCount }

  /// The inputs of the training part, as the network sees them.
  package var inputFacts: InputFacts { InputFacts(objective.data) }

  /// The class probabilities of other examples, m × K, row-major.
  ///
  /// - Parameters:
  ///   - parameters: the network's
  ///   - data: examples with as many inputs, before they are scaled
  /// - Throws: ``DatasetError`` when the data does not fit the network
  public func probabilities(at parameters: [Double], for data: Dataset) throws -> [Double] {
    try NetworkObjective(model: model, data: scaler.scaled(data)).probabilities(at: parameters)
  }

  /// Difference quotients of every parameter over the training part.
  public func numericalGradient(
    at parameters: [Double], method: DifferenceMethod, epsilon: Double
  ) throws -> [Double] {
    try objective.numericalGradient(at: parameters, method: method, epsilon: epsilon)
  }

  /// A gradient check at these parameters, as the configuration says.
  ///
  /// With unscaled inputs the step of ``TrainingConfiguration/checkEpsilon`` may be too large: truncation grows with
  /// the square of ε times the input. Before a derivative is called wrong, one of a step that nobody asked for is
  /// taken again with a hundredth and a ten-thousandth of it; where that agrees, it is the check. These quotients are not subtracted from
  /// whole costs, so that rounding leaves room for it.
  public func checkGradient(at parameters: [Double]) throws -> GradientCheck {
    let settings = configuration.check
    let epsilon = configuration.checkEpsilon
    let clock = ContinuousClock()
    let start = clock.now
    var analytic = [Double](repeating: 0, count: parameters.count)
    let cost = try objective.valueAndGradient(at: parameters, into: &analytic)
    func check(epsilon: Double) throws -> GradientCheck {
      let numerical = try objective.numericalGradient(
        at: parameters, method: settings.method, epsilon: epsilon)
      return GradientCheck(
        analytic: analytic, numerical: numerical, parameters: parameters, cost: cost,
        layout: model.layout, method: settings.method, epsilon: epsilon,
        tolerance: settings.tolerance, seconds: (clock.now - start).seconds)
    }
    let first = try check(epsilon: epsilon)
    guard !first.passed, settings.epsilon == nil, settings.method != .complexStep else {
      return first
    }
    for divisor in [100.0, 10_000] {
      let smaller = try check(epsilon: epsilon / divisor)
      if smaller.passed { return smaller }
    }
    return first
  }

  /// What moves while a training goes on.
  fileprivate struct Session {
    let trainer: Trainer
    var optimizer: any Optimizer
    var epoch = 0
    var best: EarlyStopping
    let isResumed: Bool
    let clock = ContinuousClock()
    let start: ContinuousClock.Instant
    let secondsBefore: Double
    /// The parameters at the end of the epoch before.
    var previous: [Double]
    /// When the last checkpoint was made, in seconds of training.
    var lastCheckpoint: Double

    init(_ trainer: Trainer, state: [UInt8]?) throws {
      self.trainer = trainer
      start = clock.now
      isResumed = state != nil
      if let state {
        let checkpoint = try TrainingState(decoding: state)
        optimizer = try OptimizerSettings.restoreOptimizer(from: checkpoint.optimizer)
        epoch = checkpoint.epoch
        best = checkpoint.best
        secondsBefore = checkpoint.seconds
      } else {
        let configuration = trainer.configuration
        let parameters = configuration.initialization.makeParameters(
          layerSizes: trainer.model.layerSizes, seed: configuration.seed)
        var settings = configuration.optimizer
        settings.seed = configuration.seed
        optimizer = try settings.makeOptimizer(startingAt: parameters)
        best = EarlyStopping()
        secondsBefore = 0
      }
      lastCheckpoint = secondsBefore
      previous = optimizer.parameters
    }

    var seconds: Double { secondsBefore + (clock.now - start).seconds }

    mutating func run(_ handle: (TrainingEvent) throws -> Continuation) throws -> TrainingOutcome {
      let configuration = trainer.configuration
      let schedule = configuration.check.schedule
      let objective = trainer.trainingObjective
      if !isResumed {
        _ = try handle(.started(parameters: optimizer.parameters))
        if schedule.includesStart, try check(.start, handle) == .stop { return outcome(.stopped) }
        try optimizer.begin(objective)
        if try measure(handle) == .stop { return outcome(.stopped) }
      }
      var reason = TrainingOutcome.Reason.epochLimit
      while epoch < configuration.epochs {
        if let stop = optimizer.stopReason {
          reason = .optimizer(stop)
          break
        }
        let before = optimizer.iteration
        try optimizer.advance(objective)
        guard optimizer.iteration > before else { continue }
        epoch += 1
        if try measure(handle) == .stop {
          reason = .stopped
          break
        }
        if case .every(let count) = schedule, epoch % count == 0, try check(.step, handle) == .stop
        {
          reason = .stopped
          break
        }
        if let patience = configuration.patience, epoch - best.epoch >= patience {
          reason = .patience(bestEpoch: best.epoch)
          break
        }
        if isCheckpointDue { try saveCheckpoint(handle) }
      }
      if reason == .stopped { try saveCheckpoint(handle) }
      if reason == .epochLimit, let stop = optimizer.stopReason { reason = .optimizer(stop) }
      if schedule.includesEnd, reason != .stopped { _ = try check(.end, handle) }
      return outcome(reason)
    }

    /// As often as was asked for, or else every half minute of training: an end that comes unforeseen costs
    /// no more than that.
    private var isCheckpointDue: Bool {
      if let every = trainer.configuration.checkpointEvery { return epoch % every == 0 }
      return seconds - lastCheckpoint > 30
    }

    private mutating func saveCheckpoint(
      _ handle: (TrainingEvent) throws -> Continuation
    ) throws {
      lastCheckpoint = seconds
      let state = TrainingState(
        epoch: epoch, seconds: seconds, best: best, optimizer: optimizer.encodedState())
      _ = try handle(.checkpoint(epoch: epoch, state: state.encoded))
    }

    private func outcome(_ reason: TrainingOutcome.Reason) -> TrainingOutcome {
      let keepsBest = trainer.configuration.patience != nil && !best.parameters.isEmpty
      return TrainingOutcome(
        reason: reason, epochs: epoch,
        parameters: keepsBest ? best.parameters : optimizer.parameters)
    }

    private func check(
      _ name: CheckMoment.Name, _ handle: (TrainingEvent) throws -> Continuation
    ) throws -> Continuation {
      let check = try trainer.checkGradient(at: optimizer.parameters)
      return try handle(.gradientCheck(check, CheckMoment(name, epoch: epoch)))
    }

    private mutating func measure(
      _ handle: (TrainingEvent) throws -> Continuation
    ) throws -> Continuation {
      let parameters = optimizer.parameters
      let training = try trainer.objective.measure(at: parameters)
      let heldOut = try trainer.heldOut?.measure(at: parameters)
      if trainer.configuration.patience != nil, let heldOut {
        best.see(cost: heldOut.dataCost, epoch: epoch, parameters: parameters)
      }
      var values: [(key: String, value: Double)] = [
        ("cost", training.cost), ("dataCost", training.dataCost), ("penalty", training.penalty),
        ("trainAccuracy", training.accuracy),
      ]
      if let heldOut {
        values.append(("testAccuracy", heldOut.accuracy))
        values.append(("testCost", heldOut.dataCost))
      }
      values.append(("gradientNorm", squaredLength(optimizer.gradient).squareRoot()))
      values.append(("stepLength", optimizer.stepLength))
      values.append(("evaluations", optimizer.evaluations))
      values.append(("seconds", seconds))
      for (index, fraction) in training.saturatedFractions.enumerated() {
        values.append(("saturated.\(index + 1)", fraction))
      }
      for (index, fraction) in training.deadFractions.enumerated() {
        values.append(("dead.\(index + 1)", fraction))
      }
      values.append(("outputDeviation", training.outputDeviation))
      for (index, ratio) in updateRatios(to: parameters).enumerated() {
        values.append(("updateRatio.\(index + 1)", ratio))
      }
      if trainer.model.cost == .clamped {
        values.append(("clampHits", Double(training.clampHits)))
      }
      return try handle(.epoch(EpochMetrics(epoch: epoch, values: values)))
    }
  }
}

extension Trainer.Session {
  /// By layer ‖ΔΘ‖ / ‖Θ‖ of the weights without the biases since the last call, as the mean of the updates that an
  /// epoch makes; of weights that are and were 0 it is 0. Before the first epoch there is none.
  fileprivate mutating func updateRatios(to parameters: [Double]) -> [Double] {
    guard epoch > 0 else { return [] }
    let updates = trainer.updatesPerEpoch
    var ratios: [Double] = []
    var offset = 0
    let sizes = trainer.model.layerSizes
    for (inputs, units) in zip(sizes, sizes.dropFirst()) {
      let weights = offset + units..<offset + (inputs + 1) * units
      let change = squaredDistance(parameters, previous, in: weights)
      let length = squaredLength(parameters, in: weights)
      ratios.append(change == 0 ? 0 : (change / length).squareRoot() / updates)
      offset = weights.upperBound
    }
    previous = parameters
    return ratios
  }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
