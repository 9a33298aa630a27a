/// The penalty's derivative is not there.
enum MissingRegularization: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    let found = ScaledPenalty.finding(
      .missingRegularization, evidence, &open,
      summary: {
        "The penalty's derivative λ/m · θ is missing from the gradient of \($0). (Half of the derivative of a penalty "
          + "without its ½ gives the same vectors.)"
      },
      confirm: "add λ/m · θ to the weights' derivatives (not the biases'), and check again"
    ) { penalty in
      penalty.factor.map { KnownFactor.matches($0, 0, within: 0.1) }
        ?? (penalty.relation.slope < 0)
    }
    if let found { return [found] }
    return [someRows(evidence, &open), withoutParameters(evidence, &open)].compactMap { $0 }
  }

  /// Some rows of weights alone lack it.
  private static func someRows(_ evidence: Evidence, _ open: inout OpenParts) -> Finding? {
    guard let penalty = evidence.penalty, penalty > 0, evidence.check.parameters != nil else {
      return nil
    }
    for layer in evidence.layers
    where open.contains(layer, .weights) && layer.weights.status == .unexplained {
      let p = layer.penalties(penalty)
      let difference = zip(layer.analytic, layer.numerical).map { $0 - $1 }
      var lacking: [Int] = []
      var isExplained = true
      for row in 0..<layer.rows where row != layer.biasRow {
        let size = rootMeanSquare(layer.row(row, of: p))
        let own = layer.row(row, of: difference)
        if rootMeanSquare(zip(own, layer.row(row, of: p)).map { $0 + $1 }) < 0.05 * size {
          lacking.append(row)
        } else if rootMeanSquare(own) > 0.05 * size {
          isExplained = false
        }
      }
      guard isExplained, !lacking.isEmpty else { continue }
      open.close(layer, .weights)
      return Finding(
        cause: .missingRegularization, likelihood: 0.95,
        summary: "The penalty's derivative λ/m · θ is missing from some rows of \(layer.name).",
        evidence: [
          "rows \(list(lacking.prefix(8).map(String.init))) differ by −λ/m · θ, the others agree"
        ],
        confirm: "leave out the bias row alone, and check again")
    }
    return nil
  }

  /// Without θ: every weight differs, no bias does. Nothing but a penalty tells them apart everywhere.
  private static func withoutParameters(
    _ evidence: Evidence, _ open: inout OpenParts
  ) -> Finding? {
    let layers = evidence.layers
    guard evidence.check.parameters == nil, layers.allSatisfy({ $0.bias?.status == .agrees }),
      layers.allSatisfy({ open.contains($0, .weights) && $0.weights.status == .unexplained })
    else { return nil }
    for layer in layers { open.close(layer) }
    return Finding(
      cause: .missingRegularization, likelihood: 0.6,
      summary: "The penalty's derivative is missing or wrong: every layer's weights differ, and no "
        + "bias does.",
      evidence: layers.map {
        "\($0.name): weights differ by \(figure(rootMeanSquare($0.weights.difference))) (rms), biases agree"
      },
      confirm: "give θ (--theta), λ and m: the slope of a − n on θ names the fault")
  }
}
