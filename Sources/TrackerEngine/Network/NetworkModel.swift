public import TrackerGradientCheck

/// What a hidden unit makes of its input.
public enum Activation: String, Codable, Hashable, Sendable, CaseIterable {
  /// σ(z) = 1 / (1 + e^−z).
  case sigmoid
  /// tanh z.
  case tanh
  /// max(0, z).
  case relu
}

/// What the output layer makes of its logits.
public enum OutputActivation: String, Codable, Hashable, Sendable, CaseIterable {
  /// σ(z) of each logit, with a cross-entropy for each class against the rest.
  case sigmoid
  /// e^z_k / Σ e^z_j, with the cross-entropy of the right class.
  case softmax
}

/// How the cost is computed from the output layer.
public enum CostForm: String, Codable, Hashable, Sendable, CaseIterable {
  /// From the logits, exactly wherever they are.
  case stable
  /// From the activations, with an activation of exactly 1 replaced by 0.999999 "to avoid log(1)":
  /// flat where outputs saturate, while back-propagation is not.
  case clamped
}

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
