/// The weights' derivatives are right, the biases' are not. The delta is right then, and so are the examples and
/// the labels: what is wrong is how the delta is summed up.
///
/// Each of the usual errors is an equation without a free number, which is tried on the layer's bias: one sum (or
/// mean) over all units, the sums of dW over its inputs or units, a sum for a mean. It is named where it
/// reproduces the vector within the tolerance, with more than twenty bits; else the finding says no more than
/// where the error is, which the weights prove whatever the count of biases.
enum BiasGradientWrong: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !evidence.hasNonFinite else { return [] }
    let layers = evidence.layers.filter { layer in
      open.contains(layer, .bias) && !open.contains(layer, .weights)
        && layer.weights.hasRightData && layer.weights.isInformative(evidence)
        // One wrong entry among many is something else.
        && layer.bias.map { $0.failedShare > 0.5 } ?? false
    }
    guard !layers.isEmpty else { return [] }
    var figures: [String] = []
    var meanings: [String] = []
    for layer in layers {
      guard let bias = layer.bias else { continue }
      open.close(layer, .bias)
      let meaning = meaning(of: bias, in: layer, evidence)
      if let meaning, !meanings.contains(meaning) { meanings.append(meaning) }
      figures.append(
        "\(bias.title): analytic \(bias.analytic.prefix(4).map(figure).joined(separator: ", ")), numerical "
          + "\(bias.numerical.prefix(4).map(figure).joined(separator: ", ")); \(layer.weights.title) "
          + (layer.weights.status == .agrees ? "agrees" : "is right except for its penalty"))
    }
    let what =
      meanings.isEmpty
      ? "None of the usual errors reproduces it to the last digit; the delta of one example alone, "
        + "or of another loop's, would look like that."
      : "It is \(list(meanings))."
    return [
      Finding(
        cause: .biasGradientWrong, likelihood: meanings.isEmpty ? 0.85 : 0.96,
        summary:
          "The derivatives of the biases of \(list(layers.map(\.name))) are wrong, the weights' are right. "
          + what,
        evidence: figures,
        confirm:
          "the bias's derivative is the layer's delta summed over the examples alone "
          + "(delta.sum(axis=0), divided as the weights' derivatives are); check again")
    ]
  }

  /// What reproduces the vector, if anything does.
  private static func meaning(
    of bias: PartEvidence, in layer: LayerEvidence, _ evidence: Evidence
  ) -> String? {
    let units = Double(layer.columns)
    let m = evidence.exampleCount.map(Double.init)
    let all = bias.numerical.reduce(0, +)
    let sums = (0..<layer.columns).map { layer.column($0, of: layer.analytic).reduce(0, +) }
    let inputs = Double(layer.plan.inputs)
    func constant(_ value: Double) -> [Double] { bias.numerical.map { _ in value } }
    var candidates: [(String, [Double])] = [
      ("one sum over all units (np.sum without its axis)", constant(all)),
      ("one mean over all units (np.mean without its axis)", constant(all / units)),
      ("the sum of dW over the inputs, not of delta over the examples", sums),
      ("the mean of dW over the inputs, not of delta over the examples", sums.map { $0 / inputs }),
      ("of the other sign", bias.numerical.map { -$0 }),
      ("twice what it should be", bias.numerical.map { 2 * $0 }),
      ("half of what it should be", bias.numerical.map { $0 / 2 }),
    ]
    if let m {
      candidates += [
        ("one sum over all units, not divided by m", constant(all * m)),
        ("one mean over all units and examples, of a sum", constant(all / units / m)),
        ("the sum of dW over the inputs, divided by m", sums.map { $0 / m }),
        ("a sum over the examples where their mean belongs", bias.numerical.map { $0 * m }),
        ("a mean over the examples where their sum belongs", bias.numerical.map { $0 / m }),
      ]
    }
    if layer.plan.inputs == layer.columns {
      let rows = (0..<layer.rows).filter { $0 != layer.biasRow }.map {
        layer.row($0, of: layer.analytic).reduce(0, +)
      }
      candidates.append(("the sum of dW over the units, not of delta over the examples", rows))
    }
    let found = candidates.first { _, predicted in
      Match(bias.analytic, predicted, instead: bias.numerical, check: evidence.check).holds
    }
    if let found { return found.0 }
    let first = bias.analytic[0]
    let isOne =
      bias.analytic.count >= 3 && bias.analytic.allSatisfy { abs($0 - first) <= 1e-12 * abs(first) }
    return isOne ? "one and the same number for all units" : nil
  }
}
