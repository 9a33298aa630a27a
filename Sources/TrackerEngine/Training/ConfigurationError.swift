public import TrackerValues

/// An option outside its legal range.
public struct ConfigurationError: ExplainedError, Hashable {
  /// The option's name in lower camel case.
  public let option: String
  /// What is wrong with it, and what would be right.
  public let message: String

  /// What it says in words.
  public var description: String { message }
  /// What sort of trouble it is.
  public var kind: ExplainedErrorKind { .usage }
}

extension TrainingConfiguration {
  /// The network that is trained on `dataset`.
  public func model(for dataset: Dataset) -> NetworkModel {
    NetworkModel(
      layerSizes: [dataset.featureCount] + hidden + [dataset.classCount], activation: activation,
      output: output, cost: cost, lambda: lambda)
  }
}
