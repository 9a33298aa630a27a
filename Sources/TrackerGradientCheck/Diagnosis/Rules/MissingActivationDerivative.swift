/// A layer's delta is wrong though the one above it is right: between them stand the weights and the
/// derivative of the activation.
enum MissingActivationDerivative: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard let last = evidence.last, !open.contains(last), !evidence.hasNonFinite else { return [] }
    guard let layer = evidence.layers.last(where: { open.contains($0) }) else { return [] }
    // A delta is wrong for all inputs and most units; a few entries are something else.
    let failed = layer.parts.reduce(0) { $0 + $1.failedShare * Double($1.difference.count) }
    guard failed > 0.25 * Double(layer.analytic.count) else { return [] }
    let fit = RatioFit(layer, evidence, along: .columns)
    for below in evidence.layers where below.number <= layer.number { open.close(below) }
    let kind: String
    let likelihood: Double
    if fit.positiveShare > 0.99, fit.middle > 3.9 {
      kind = "is missing: the ratios are above 4, as 1/σ′ is"
      likelihood = 0.93
    } else if fit.positiveShare > 0.99, fit.middle > 1, fit.determination > 0.5 {
      kind = "is missing or another's: the ratios are above 1"
      likelihood = 0.85
    } else if fit.determination > 0.5 {
      kind = "is another's, or taken at z where it belongs at a"
      likelihood = 0.8
    } else {
      kind = "is missing, another's, or multiplied in the wrong place"
      likelihood = 0.6
    }
    return [
      Finding(
        cause: .missingActivationDerivative, likelihood: likelihood,
        summary:
          "The delta of \(layer.name) is wrong, the one above it is right: the derivative of "
          + "the activation between them \(kind). Which of these, the activations would tell.",
        evidence: [
          "all layers above \(layer.name) agree or are explained otherwise",
          "unit by unit, a is \(figure(fit.smallest))…\(figure(fit.largest)) times n (median "
            + "\(figure(fit.middle))), with a median R² of \(figure(fit.determination))",
        ],
        confirm:
          "multiply the delta by the activation's derivative at the very units (σ′ = a(1 − a), "
          + "tanh′ = 1 − a²), and check again")
    ]
  }
}
