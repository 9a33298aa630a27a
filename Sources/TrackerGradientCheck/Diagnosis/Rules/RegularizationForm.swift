/// The difference is a function of θ alone, but no multiple of it, such as the derivative of |θ|.
enum RegularizationForm: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    let candidates = evidence.layers.filter { layer in
      open.contains(layer, .weights) && layer.weights.status == .unexplained
        && layer.bias.map { !open.contains(layer, .bias) && $0.status == .agrees } ?? true
    }
    // What is plain in one layer needs less to be believed of another.
    let isPlain = candidates.contains { layer in
      layer.weights.difference.count >= 16 && roughness(layer.weights).map { $0 < 0.25 } ?? false
    }
    let layers = candidates.filter { roughness($0.weights).map { isPlain && $0 < 0.6 } ?? false }
    guard !layers.isEmpty else { return inEveryLayer(candidates, evidence, &open) }
    for layer in layers { open.close(layer, .weights) }
    return [
      Finding(
        cause: .regularizationForm, likelihood: 0.9,
        summary:
          "The gradient of \(list(layers.map(\.name))) holds the derivative of another penalty "
          + "than the cost's: a − n is a function of θ alone, but no multiple of it.",
        evidence: layers.map { layer in
          "\(layer.name)'s weights: in the order of θ, neighbouring differences vary by "
            + "\(percent(roughness(layer.weights) ?? 1)) of what unrelated ones would"
        },
        confirm:
          "compare the penalty in the cost with the one whose derivative is taken (θ², |θ|, …)")
    ]
  }

  /// Every layer's weights differ, in no known way, and no bias does: nothing but a penalty tells them
  /// apart everywhere.
  private static func inEveryLayer(
    _ candidates: [LayerEvidence], _ evidence: Evidence, _ open: inout OpenParts
  ) -> [Finding] {
    guard candidates.count == evidence.layers.count, candidates.count > 1,
      candidates.allSatisfy({ $0.bias != nil && $0.parameters != nil })
    else { return [] }
    for layer in candidates { open.close(layer, .weights) }
    return [
      Finding(
        cause: .regularizationForm, likelihood: 0.75,
        summary:
          "The gradient holds the derivative of another penalty than the cost's, or of other "
          + "weights: every layer's weights differ, and no bias does.",
        evidence: candidates.map { layer in
          "\(layer.name): weights differ by \(figure(rootMeanSquare(layer.weights.difference))) (rms), "
            + "biases agree"
        },
        confirm: "take the penalty out of the cost and the gradient: then all should agree")
    ]
  }

  /// J. von Neumann's ratio, half the mean square of successive differences over the variance, in the
  /// order of θ: 1 for values that θ says nothing of, near 0 for a function of it.
  private static func roughness(_ part: PartEvidence) -> Double? {
    guard let theta = part.parameters, theta.count >= 8 else { return nil }
    let ordered = theta.indices.sorted { theta[$0] < theta[$1] }.map { part.difference[$0] }
    let mean = ordered.reduce(0, +) / Double(ordered.count)
    let variance = ordered.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let steps = zip(ordered, ordered.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
    return variance > 0 ? steps / 2 / variance : nil
  }
}
