/// The penalty's derivative in a bias row, which the cost does not penalise.
enum BiasRegularized: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    var titles: [String] = []
    var figures: [String] = []
    var skipsLast = false
    for layer in evidence.layers {
      guard open.contains(layer, .bias), let bias = layer.bias, bias.status == .related,
        let relation = bias.relation, relation.slope > 0
      else { continue }
      if let factor = relation.penaltyFactor, abs(factor) < 0.01 { continue }
      titles.append(layer.name)
      figures.append(
        "\(bias.title): a − n is \(figure(relation.slope)) · θ"
          + (relation.penaltyFactor.map { ", \(figure($0)) times λ/m" } ?? ""))
      open.close(layer, .bias)
      if let row = otherBiasRow(layer, evidence) {
        skipsLast = true
        figures.append(
          "\(layer.name)'s row \(row) alone lacks λ/m · θ, the other weights agree: the row that is "
            + "left out of the penalty is row \(row), not the bias row")
        open.close(layer, .weights)
      }
    }
    guard !titles.isEmpty else { return withoutParameters(evidence, &open).map { [$0] } ?? [] }
    return [
      Finding(
        cause: .biasRegularized, likelihood: 0.97,
        summary: "The gradient penalises the biases of \(list(titles)), the cost does not"
          + (skipsLast ? ": it leaves out the wrong row." : "."),
        evidence: figures,
        confirm: "leave the bias row out of λ/m · θ in the gradient, and check again")
    ]
  }

  /// Without θ: every bias differs, no weight does.
  private static func withoutParameters(
    _ evidence: Evidence, _ open: inout OpenParts
  ) -> Finding? {
    let layers = evidence.layers
    guard evidence.check.parameters == nil, layers.allSatisfy({ $0.weights.status == .agrees }),
      layers.allSatisfy({ $0.bias?.status == .unexplained && open.contains($0, .bias) })
    else { return nil }
    open.closeAll()
    return Finding(
      cause: .biasRegularized, likelihood: 0.6,
      summary:
        "The gradient penalises the biases, the cost does not: every layer's bias differs, and no "
        + "weight does.",
      evidence: layers.map {
        "\($0.name): biases differ by \(figure(rootMeanSquare($0.bias?.difference ?? []))) (rms), weights agree"
      },
      confirm: "give θ (--theta), λ and m: the slope of a − n on θ in the bias row names the fault")
  }

  /// A row of weights at the other end that lacks its penalty, alone.
  private static func otherBiasRow(_ layer: LayerEvidence, _ evidence: Evidence) -> Int? {
    guard let penalty = evidence.penalty, penalty > 0, evidence.check.parameters != nil else {
      return nil
    }
    let p = layer.penalties(penalty)
    let row = layer.biasRow == 0 ? layer.rows - 1 : 0
    let difference = zip(layer.analytic, layer.numerical).map { $0 - $1 }
    let lacking = zip(layer.row(row, of: difference), layer.row(row, of: p)).map { $0 + $1 }
    let others = (0..<layer.rows).filter { $0 != row && $0 != layer.biasRow }.flatMap {
      layer.row($0, of: difference)
    }
    let size = rootMeanSquare(layer.row(row, of: p))
    return rootMeanSquare(lacking) < 0.05 * size && rootMeanSquare(others) < 0.05 * size ? row : nil
  }
}
