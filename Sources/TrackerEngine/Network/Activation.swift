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
