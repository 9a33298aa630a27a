import TrackerValues

/// Entries below the last layer differ, because some example's unit has its kink within ε.
///
/// Where θ is known and the layers chain, the equation of ``HomogeneousGradient`` decides: it holds for a right
/// gradient of ReLUs, so that what differs below a last layer that agrees are kinks. Where it cannot be tried, or a
/// penalty of unknown size is in the way, a few entries must differ, in some units only, and each by less than it is
/// large.
///
/// Kinks are rare. A unit's input crosses 0 within ε of a parameter whose input is x in a share of about ε x of the
/// examples, and each example has its share of the derivative, so that with U hidden units a − n is about U ε x of n.
/// Ten times as much is allowed, or else most entries must agree: a gradient that takes z f′ for f, as of a gate that
/// is left out of the backward pass, obeys the equation too, and is wrong everywhere.
enum NonSmoothActivation: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard let last = evidence.last, last.agrees, !open.isEmpty, !evidence.hasNonFinite,
      evidence.input.activation.map({ $0 == "relu" }) ?? true
    else { return [] }
    let balance = HomogeneousGradient(evidence, upTo: last.number)
    let isProven = balance?.holds ?? false
    let isKnown = evidence.input.activation == "relu" || isProven
    // With λ known a gradient of ReLUs would obey the equation.
    if !isProven, balance != nil, evidence.penalty != nil || evidence.input.isForeign { return [] }
    let units = evidence.layers.dropLast().reduce(0) { $0 + $1.columns }
    let layers = evidence.layers.filter { open.contains($0) }
    var figures: [String] = []
    for layer in layers {
      let difference = zip(layer.analytic, layer.numerical).map { abs($0 - $1) }
      let largest = difference.max() ?? 0
      let typical = median(difference)
      let size = rootMeanSquare(layer.numerical)
      // Most entries agree, or all by what kinks can do, and none is wrong by as much as it is large.
      let inputs = layer.bias.map { EpsilonTooLarge.scaleOfInputs(layer, $0) } ?? 1
      let expected = Double(units) * evidence.check.epsilon * max(1, inputs)
      let isRare = typical < 0.03 * largest || rootMeanSquare(difference) < 10 * expected * size
      guard isRare, rootMeanSquare(difference) < (isKnown ? 0.5 : 0.3) * size else { return [] }
      // An example's kink is in one unit; what is wrong with inputs or deltas is in all.
      let untouched = (0..<layer.columns).count { column in
        layer.column(column, of: difference).allSatisfy { $0 <= evidence.check.tolerance.absolute }
      }
      guard isKnown || untouched > 0 else { return [] }
      // And it is met by more than one of the unit's inputs.
      let wrong = difference.count { $0 > evidence.check.tolerance.absolute }
      guard isKnown || wrong >= 2 else { return [] }
      let columns = (0..<layer.columns).count { column in
        layer.column(column, of: difference).contains { $0 > 0.1 * largest }
      }
      figures.append(
        "\(layer.name): the largest difference is \(figure(largest)), the median \(figure(typical)); "
          + "it is in \(columns) of \(layer.columns) units")
    }
    figures.append("\(last.name), which has no kink above it, agrees")
    if let balance, isProven {
      figures.append(
        "for every one of the \(balance.units) hidden units Σ θ a over what comes in is Σ θ a over what goes out (to "
          + "\(figure(balance.rest))), as in a right gradient of ReLUs and in no other")
    }
    open.closeAll()
    return [
      Finding(
        cause: .nonSmoothActivation, likelihood: isKnown ? 0.93 : 0.65,
        summary:
          "A kink (of a ReLU) lies within ε of some example's input: there the quotient is the "
          + "mean of two slopes. The gradient is not at fault.",
        evidence: figures,
        confirm: evidence.retry(
          epsilon: evidence.check.epsilon / 100, note: "fewer entries differ"))
    ]
  }
}
