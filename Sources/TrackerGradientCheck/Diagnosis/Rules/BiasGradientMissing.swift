/// A bias row of zeros.
enum BiasGradientMissing: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    let layers = evidence.layers.filter { layer in
      open.contains(layer, .bias) && layer.bias?.status == .absent
        && layer.weights.status != .absent
    }
    guard !layers.isEmpty else { return [] }
    for layer in layers { open.close(layer, .bias) }
    return [
      Finding(
        cause: .biasGradientMissing, likelihood: 0.97,
        summary: "The derivatives of the biases of \(list(layers.map(\.name))) are never computed.",
        evidence: layers.map { layer in
          "\(layer.name)'s bias: all \(layer.columns) analytic derivatives are exactly 0, the "
            + "numerical ones are \(figure(rootMeanSquare(layer.bias?.numerical ?? []))) (rms)"
        },
        confirm: "add the mean of the layer's delta over the examples as the bias's derivative")
    ]
  }
}
