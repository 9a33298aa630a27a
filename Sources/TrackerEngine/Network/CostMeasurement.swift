/// A cost and what there is to say about it.
public struct CostMeasurement: Hashable, Sendable {
  /// J, the sum of the two parts.
  public var cost: Double
  /// The part of J that the data makes: the mean cross-entropy.
  public var dataCost: Double
  /// The part of J that λ makes: λ/2m Σ θ², without the biases.
  public var penalty: Double
  /// The share of examples whose largest output is that of their class.
  public var accuracy: Double
  /// For each layer behind the inputs, the share of outputs whose slope is at most a thousandth of the
  /// largest possible: a sigmoid's beyond |z| = 8.3, a tanh's beyond 4.1. Of ReLU, of those that are 0.
  public var saturatedFractions: [Double]
  /// For each hidden layer of ReLUs, the share of units that are 0 for every example; of other activations empty.
  public var deadFractions: [Double]
  /// The standard deviation of an output over examples, the mean over outputs: near 0 where the network answers the
  /// same to all.
  public var outputDeviation: Double
  /// How many outputs were exactly 1 and replaced by 0.999999.
  public var clampHits: Int
}
