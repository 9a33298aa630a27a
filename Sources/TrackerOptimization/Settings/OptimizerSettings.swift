/// Everything that decides how an optimiser works: two with equal settings and starts do the same, to
/// the bit.
public struct OptimizerSettings: Codable, Hashable, Sendable {
  /// The method.
  public var method: OptimizerMethod
  /// The length of a step per unit of gradient, for `gd`, `sgd` and `adam`. `nil` is
  /// ``OptimizerMethod/defaultLearningRate``, which for `gd` is none: it backtracks.
  public var learningRate: Double?
  /// How the learning rate changes from pass to pass.
  public var schedule: LearningRateSchedule
  /// The share of the last step that is made again, for `sgd`; 0 ≤ momentum < 1.
  public var momentum: Double
  /// Whether `sgd` looks ahead along its momentum.
  public var nesterov: Bool
  /// The examples in a mini-batch of `sgd` and `adam`; the last of a pass may hold fewer.
  public var batchSize: Int
  /// The pairs of steps and gradient changes that `lbfgs` remembers, and `tnc` for its
  /// preconditioner; 1 to 1000.
  public var memory: Int
  /// Stop once no entry of the gradient is larger than this. A mini-batch method asks it of each
  /// mini-batch of a pass.
  public var tolerance: Double
  /// Stop once an iteration lowers the cost by no more than this part of max(|J|, 1). Only methods
  /// with a line search stop so: there, a small decrease has been checked against the gradient.
  public var costTolerance: Double
  /// Stop after the iteration that reaches this many evaluations; `nil` for no limit.
  public var evaluationLimit: Int?
  /// Decides the order of the examples in `sgd` and `adam`.
  public var seed: UInt64

  /// The most bytes that an optimiser may take: 4 GiB, `bfgs` at 29,000 parameters.
  public static let memoryLimit = 4 << 30

  /// Settings with every default in one place.
  public init(
    method: OptimizerMethod = .lbfgs, learningRate: Double? = nil,
    schedule: LearningRateSchedule = .constant, momentum: Double = 0.9, nesterov: Bool = true,
    batchSize: Int = 32, memory: Int = 10, tolerance: Double = 1e-5, costTolerance: Double = 1e-9,
    evaluationLimit: Int? = nil, seed: UInt64 = 0
  ) {
    self.method = method
    self.learningRate = learningRate
    self.schedule = schedule
    self.momentum = momentum
    self.nesterov = nesterov
    self.batchSize = batchSize
    self.memory = memory
    self.tolerance = tolerance
    self.costTolerance = costTolerance
    self.evaluationLimit = evaluationLimit
    self.seed = seed
  }

  /// Throws ``OptimizerError/invalidSetting(name:value:requirement:)`` for the first setting that is
  /// outside its legal range.
  public func validate() throws(OptimizerError) {
    func require(
      _ condition: Bool, _ name: String, _ value: String, _ requirement: String
    ) throws(OptimizerError) {
      guard condition else {
        throw .invalidSetting(name: name, value: value, requirement: requirement)
      }
    }
    if let learningRate {
      try require(
        learningRate > 0 && learningRate.isFinite, "learningRate", "\(learningRate)",
        "a finite number above 0")
      try require(
        [.gd, .sgd, .adam].contains(method), "learningRate", "\(learningRate)",
        "left out for \(method.rawValue), which finds its own step lengths")
    }
    try require(schedule.isValid, "schedule", "\(schedule)", LearningRateSchedule.forms)
    try require(momentum >= 0 && momentum < 1, "momentum", "\(momentum)", "at least 0 and below 1")
    try require(batchSize >= 1, "batchSize", "\(batchSize)", "at least 1")
    try require((1...1000).contains(memory), "memory", "\(memory)", "1 to 1000")
    try require(
      tolerance >= 0 && tolerance.isFinite, "tolerance", "\(tolerance)",
      "a finite number, at least 0")
    try require(
      costTolerance >= 0 && costTolerance < 1, "costTolerance", "\(costTolerance)",
      "at least 0 and below 1")
    if let evaluationLimit {
      try require(evaluationLimit >= 1, "evaluationLimit", "\(evaluationLimit)", "at least 1")
    }
  }

  /// The learning rate in the pass with this number, from 0; `nil` where the method finds its own
  /// step lengths.
  public func learningRate(pass: Int) -> Double? {
    guard let rate = learningRate ?? method.defaultLearningRate else { return nil }
    return rate * schedule.factor(pass: pass)
  }

  /// The bytes that the method's vectors and matrices take for this many parameters, known before
  /// any of them is taken. `bfgs` takes 4 n² for its packed matrix, and a quarter of that for the
  /// updates while they are summed up into it; the others a few vectors.
  public func workingBytes(parameterCount: Int) -> Int {
    let vectors =
      switch method {
      case .lbfgs: 7 + 2 * memory
      case .tnc: 13 + 2 * memory
      case .bfgs: 12 + parameterCount / 2 + parameterCount / 8
      case .cg: 6
      case .gd: 4
      case .sgd: 5
      case .adam: 6
      }
    let (bytes, overflow) = vectors.multipliedReportingOverflow(by: 8 * parameterCount)
    return overflow ? .max : bytes
  }

  /// An optimiser at its start; ``Optimizer/begin(_:)`` comes next.
  /// - Throws: ``OptimizerError``
  public func makeOptimizer(startingAt parameters: [Double]) throws -> any Optimizer {
    try validate()
    let bytes = workingBytes(parameterCount: parameters.count)
    guard bytes <= Self.memoryLimit else {
      throw OptimizerError.tooLarge(method: method, parameters: parameters.count, bytes: bytes)
    }
    return method.type.init(settings: self, startingAt: parameters)
  }

  /// The optimiser whose ``Optimizer/encodedState()`` these bytes are. It goes on as the saved one
  /// would have, to the bit.
  /// - Throws: ``OptimizerError/damagedState(_:)``
  public static func restoreOptimizer(from bytes: [UInt8]) throws -> any Optimizer {
    var archive = StateArchive(reading: bytes)
    var settings = OptimizerSettings()
    var parameterCount = 0
    try archive.visitHeader(&settings, &parameterCount)
    let start = [Double](repeating: 0, count: parameterCount)
    var optimizer = settings.method.type.init(settings: settings, startingAt: start)
    try optimizer.visitState(&archive)
    try archive.finishReading()
    return optimizer
  }
}
