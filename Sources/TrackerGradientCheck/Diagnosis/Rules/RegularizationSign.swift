/// The penalty's derivative is subtracted where it belongs added, perhaps from the biases too.
///
/// Equation: a − n = −2 λ/m · θ in the weights, and −λ/m · θ in biases that the gradient decays as well.
enum RegularizationSign: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    let found = ScaledPenalty.finding(
      .regularizationSign, evidence, &open,
      summary: {
        "The penalty's derivative in \($0) has the wrong sign: it is subtracted. (A cost with twice the penalty, beside "
          + "a gradient with none, gives the same vectors.)"
      },
      confirm: "add λ/m · θ to the weights' derivatives, and check again"
    ) { penalty in
      penalty.factor.map { KnownFactor.matches($0, -1, within: 0.02) } ?? false
    }
    guard var found else { return [] }
    let biases = evidence.layers.filter { layer in
      open.contains(layer, .bias)
        && (layer.bias?.relation?.penaltyFactor.map { KnownFactor.matches($0, -1, within: 0.05) }
          ?? false)
        && layer.bias?.status == .related
    }
    for layer in biases {
      open.close(layer, .bias)
      found.evidence.append(
        "\(layer.bias?.title ?? ""): a − n is \(figure(layer.bias?.relation?.slope ?? 0)) · θ: the biases are decayed "
          + "too, which the cost does not")
    }
    return [found]
  }
}
