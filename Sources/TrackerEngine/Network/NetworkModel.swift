public import TrackerGradientCheck

/// A fully connected network with its cost.
///
/// J = 1/m Σ cross-entropy + λ/2m Σ θ², the biases left out of the last sum.
public struct NetworkModel: Codable, Hashable, Sendable {
  /// Units of each layer, the inputs first and the classes last, such as `[64, 100, 10]`.
  public var layerSizes: [Int]
  /// The hidden layers' activation.
  public var activation: Activation
  /// The output layer's activation.
  public var output: OutputActivation
  /// How the cost is computed.
  public var cost: CostForm
  /// λ.
  public var lambda: Double

  /// A network.
  public init(
    layerSizes: [Int], activation: Activation = .sigmoid, output: OutputActivation = .sigmoid,
    cost: CostForm = .stable, lambda: Double = 0
  ) {
    self.layerSizes = layerSizes
    self.activation = activation
    self.output = output
    self.cost = cost
    self.lambda = lambda
  }

  /// How the flat parameter vector is cut into the layers' matrices.
  public var layout: ParameterLayout { ParameterLayout(layerSizes: layerSizes) }
}
