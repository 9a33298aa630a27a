import TrackerGradientCheck
import TrackerOptimization
public import TrackerValues

/// An option outside its legal range.
public struct ConfigurationError: ExplainedError, Hashable {
  /// The option's name in lower camel case.
  public let option: String
  /// What is wrong with it, and what would be right.
  public let message: String

  public var description: String { message }
  public var kind: ExplainedErrorKind { .usage }
}

extension TrainingConfiguration {
  /// Throws a ``ConfigurationError`` for the first option outside its legal range, and `OptimizerError`
  /// for one of the optimiser's.
  public func validate() throws {
    func require(_ isLegal: Bool, _ option: String, _ value: Any, _ legal: String) throws {
      guard isLegal else {
        throw ConfigurationError(
          option: option, message: "\(option) is \(value), but must be \(legal)")
      }
    }
    try require(
      testFraction >= 0 && testFraction < 1, "testFraction", testFraction, "at least 0 and below 1")
    try require(
      !hidden.isEmpty && hidden.allSatisfy { (1...100_000).contains($0) }, "hidden",
      hidden.map(String.init).joined(separator: ","), "1 to 100000 units in each layer")
    try require(lambda >= 0 && lambda.isFinite, "lambda", lambda, "a finite number, at least 0")
    try require((0...10_000_000).contains(epochs), "epochs", epochs, "0 to 10000000")
    if let patience {
      try require(patience >= 1, "patience", patience, "at least 1")
      try require(testFraction > 0, "patience", patience, "left out where nothing is held out")
    }
    if let dx {
      try require(dx > 0 && dx.isFinite, "dx", dx, "a finite number above 0")
      try require(gradient != .backprop, "dx", dx, "left out for backprop, which takes no step")
    }
    try require(
      checkEpsilon > 0 && checkEpsilon.isFinite, "epsilon", checkEpsilon, "a finite number above 0")
    try require(
      check.method != .complexStep || checkEpsilon <= 1e-8, "epsilon", checkEpsilon,
      "at most 1e-08 for complex-step, so that no real part changes")
    try require(
      check.tolerance.absolute >= 0 && check.tolerance.absolute.isFinite, "checkTolerance",
      check.tolerance.absolute, "a finite number, at least 0")
    if let checkpointEvery {
      try require(checkpointEvery >= 1, "checkpointEvery", checkpointEvery, "at least 1")
    }
    try require(
      cost == .stable || output == .sigmoid, "cost", cost.rawValue, "stable for softmax outputs")
    try optimizer.validate()
  }

  /// The network that is trained on `dataset`.
  public func model(for dataset: Dataset) -> NetworkModel {
    NetworkModel(
      layerSizes: [dataset.featureCount] + hidden + [dataset.classCount], activation: activation,
      output: output, cost: cost, lambda: lambda)
  }
}
