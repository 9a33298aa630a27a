/// Units that stand exactly on their kink: with biases of 0, an input of zeros makes z = 0, where the quotient is the
/// mean of both slopes and the gradient one of them.
///
/// Equation: an example of zeros adds nothing to the weights' derivatives, and half of its error to the bias's: the
/// weights agree, the layer's biases are all exactly 0, the layer above agrees, and a − n lies in the span of the
/// weights above, d = W v, with as many free numbers as there are units above; at least three units more than those
/// must confirm it, with twenty bits. A bias that is summed wrongly differs in the layer above too, or leaves that
/// span.
enum KinkAtZero: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !evidence.hasNonFinite, evidence.input.activation.map({ $0 == "relu" }) ?? true else {
      return []
    }
    var found: [(LayerEvidence, Match)] = []
    for (layer, above) in zip(evidence.layers, evidence.layers.dropFirst()) {
      guard open.contains(layer, .bias), !open.contains(layer, .weights), above.agrees,
        layer.plan.feeds(above.plan), let bias = layer.bias, let matrix = above.weights.parameters,
        bias.parameters?.allSatisfy({ $0 == 0 }) ?? false, layer.columns >= above.columns + 3
      else { continue }
      let columns = (0..<above.columns).map { column in
        stride(from: column, to: matrix.count, by: above.columns).map { matrix[$0] }
      }
      guard let fit = LeastSquares(bias.difference, on: columns) else { continue }
      let spanned = zip(bias.difference, fit.residual).map { $0 - $1 }
      let match = Match(
        bias.difference, spanned, instead: bias.difference.map { _ in 0 },
        freeNumbers: columns.count,
        check: evidence.check)
      guard match.holds else { continue }
      found.append((layer, match))
    }
    guard !found.isEmpty else { return [] }
    for (layer, _) in found { open.close(layer) }
    return [
      Finding(
        cause: .nonSmoothActivation, likelihood: 0.8,
        summary:
          "Some units stand exactly on the kink of their ReLU: their biases are 0, and an input of zeros makes "
          + "z = 0. There the quotient is the mean of two slopes. The gradient is not at fault.",
        evidence: found.map { layer, match in
          "\(layer.name): the biases are all 0, the weights agree, and a − n of the biases is the error of some examples, "
            + "sent back through the weights above (to \(figure(match.rest)), with \(match.entries - match.freeNumbers) "
            + "degrees of freedom)"
        },
        confirm: "give the biases small random values, and check again")
    ]
  }
}
