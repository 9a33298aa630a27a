import TrackerGradientCheck
import TrackerOptimization

extension TrainingConfiguration {
  /// Every option by its name, in lower camel case: the flat form that is a run's parameters. An option
  /// without a value, such as no patience, is left out.
  public var flattened: [(key: String, value: FlatValue)] {
    var list: [(key: String, value: FlatValue)] = [
      ("scale", .text(scale.rawValue)), ("testFraction", .real(testFraction)),
      ("splitSeed", .seed(splitSeed)),
      ("hidden", .text(hidden.map(String.init).joined(separator: ","))),
      ("activation", .text(activation.rawValue)), ("output", .text(output.rawValue)),
      ("cost", .text(cost.rawValue)), ("lambda", .real(lambda)),
      ("initRange", .text(initialization.description)), ("seed", .seed(seed)),
      ("optimizer", .text(optimizer.method.rawValue)), ("epochs", .integer(epochs)),
      ("tolerance", .real(optimizer.tolerance)), ("gradient", .text(gradient.rawValue)),
      ("check", .text(check.schedule.description)), ("epsilon", .real(checkEpsilon)),
      ("checkMethod", .text(check.method.rawValue)),
      ("checkTolerance", .real(check.tolerance.absolute)),
    ]
    patience.map { list.append(("patience", .integer($0))) }
    if gradient != .backprop { list.append(("dx", .real(dx ?? gradient.step))) }
    checkpointEvery.map { list.append(("checkpointEvery", .integer($0))) }
    optimizer.learningRate.map { list.append(("learningRate", .real($0))) }
    switch optimizer.method {
    case .lbfgs: list.append(("memory", .integer(optimizer.memory)))
    case .sgd, .adam: list.append(("batchSize", .integer(optimizer.batchSize)))
    default: break
    }
    if optimizer.method == .sgd {
      list.append(("momentum", .real(optimizer.momentum)))
      list.append(("nesterov", .boolean(optimizer.nesterov)))
    }
    if optimizer.schedule != .constant {
      list.append(("schedule", .text(optimizer.schedule.description)))
    }
    return list
  }

  /// The configuration whose flat form this is; what is not there keeps its default.
  ///
  /// - Throws: ``ConfigurationError`` for a value that no such option has
  public init(flattened values: [String: FlatValue]) throws {
    self.init()
    let flat = FlatReader(values: values)
    try flat.read("scale") { FeatureScaling(rawValue: $0) }.map { scale = $0 }
    try flat.real("testFraction").map { testFraction = $0 }
    try flat.seed("splitSeed").map { splitSeed = $0 }
    try flat.read("hidden") { $0.split(separator: ",").map { Int($0) ?? 0 } }.map { hidden = $0 }
    try flat.read("activation") { Activation(rawValue: $0) }.map { activation = $0 }
    try flat.read("output") { OutputActivation(rawValue: $0) }.map { output = $0 }
    try flat.read("cost") { CostForm(rawValue: $0) }.map { cost = $0 }
    try flat.real("lambda").map { lambda = $0 }
    try flat.read("initRange") { Initialization($0) }.map { initialization = $0 }
    try flat.seed("seed").map { seed = $0 }
    try flat.read("optimizer") { OptimizerMethod(rawValue: $0) }.map { optimizer.method = $0 }
    try flat.integer("epochs").map { epochs = $0 }
    try flat.real("tolerance").map { optimizer.tolerance = $0 }
    try flat.read("gradient") { GradientSource(rawValue: $0) }.map { gradient = $0 }
    try flat.read("check") { CheckSchedule($0) }.map { check.schedule = $0 }
    try flat.read("checkMethod") { DifferenceMethod(rawValue: $0) }.map { check.method = $0 }
    // The method's own step is left open, so that another method may be chosen with its own.
    try flat.real("epsilon").map { check.epsilon = $0 == checkEpsilon ? nil : $0 }
    try flat.real("checkTolerance").map { check.tolerance = GradientTolerance($0) }
    patience = try flat.integer("patience")
    dx = try flat.real("dx")
    checkpointEvery = try flat.integer("checkpointEvery")
    optimizer.learningRate = try flat.real("learningRate")
    try flat.integer("memory").map { optimizer.memory = $0 }
    try flat.integer("batchSize").map { optimizer.batchSize = $0 }
    try flat.real("momentum").map { optimizer.momentum = $0 }
    if case .boolean(let value) = values["nesterov"] { optimizer.nesterov = value }
    try flat.read("schedule") { LearningRateSchedule($0) }.map { optimizer.schedule = $0 }
    try validate()
  }
}

/// Reads typed values from a flat form.
private struct FlatReader {
  let values: [String: FlatValue]

  func read<T>(_ key: String, _ make: (String) -> T?) throws -> T? {
    switch values[key] {
    case nil: return nil
    case .text(let text):
      if let value = make(text) { return value }
      throw wrong(key)
    default: throw wrong(key)
    }
  }

  func real(_ key: String) throws -> Double? {
    switch values[key] {
    case nil: nil
    case .real(let value): value
    case .integer(let value): Double(value)
    default: throw wrong(key)
    }
  }

  func integer(_ key: String) throws -> Int? {
    switch values[key] {
    case nil: nil
    case .integer(let value): value
    default: throw wrong(key)
    }
  }

  func seed(_ key: String) throws -> UInt64? {
    switch values[key] {
    case nil: return nil
    case .integer(let value): return UInt64(exactly: value)
    case .text(let text):
      guard let value = UInt64(text) else { throw wrong(key) }
      return value
    default: throw wrong(key)
    }
  }

  private func wrong(_ key: String) -> ConfigurationError {
    let value = values[key].map { "\($0)" } ?? "missing"
    return ConfigurationError(option: key, message: "\(key) is \(value), which no \(key) can be")
  }
}
