/// The derivative of the activation is missing from a hidden delta, or is another's.
///
/// Equation: the bias derivative of a layer is Σ e f′, and Σ e and Σ e a are known exactly from the layer above
/// (``DeltaMoments``). With f′ left out it is Σ e; with a, 1 − a, or the other one of a(1 − a) and 1 − a² in its
/// place it is a sum of what is known. No number is free but a factor that is named for itself: 1, −1, m or 1/m. It is
/// asked of all units of the layer, within the tolerance and with twenty bits.
///
/// What is taken at z in the place of a leaves no such sum, and is a wrong hidden delta like any other.
enum MissingActivationDerivative: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !evidence.hasNonFinite else { return [] }
    var figures: [String] = []
    var names: [String] = []
    var kinds: [String] = []
    var factors: [Double] = []
    for (layer, above) in zip(evidence.layers, evidence.layers.dropFirst()).reversed() {
      guard open.contains(layer, .bias), let bias = layer.bias,
        let moments = DeltaMoments(of: layer, below: above, penalty: evidence.penalty),
        let found = exact(bias, moments, evidence)
      else { continue }
      names.append(layer.name)
      if !kinds.contains(found.kind) { kinds.append(found.kind) }
      figures.append(
        "\(bias.title): \(found.equation) reproduces its \(bias.analytic.count) values to "
          + "\(figure(found.match.rest)) (rms), where a − n is \(figure(found.match.whole))")
      if found.factor != 1 { factors.append(found.factor) }
      open.close(layer)
    }
    guard let last = names.first else { return byRatios(evidence, &open) }
    // Whatever is below a wrong delta is wrong with it.
    if let number = evidence.layers.first(where: { $0.name == last })?.number {
      for below in evidence.layers where below.number < number && below.bias?.status == .unexplained
      {
        open.close(below)
      }
    }
    var findings = [
      Finding(
        cause: .missingActivationDerivative, likelihood: 0.97,
        summary: "The delta of \(list(names)) \(list(kinds)).",
        evidence: figures,
        confirm:
          "multiply the delta by the activation's derivative at the very units (a * (1 - a) of a sigmoid, "
          + "1 - a**2 of tanh, a > 0 of a ReLU), and check again")
    ]
    if let factor = factors.first {
      findings.append(scaleFinding(factor, list(names), evidence))
    }
    return findings
  }

  /// The factor that stands beside the missing derivative, as a finding of its own.
  private static func scaleFinding(
    _ factor: Double, _ names: String, _ evidence: Evidence
  ) -> Finding {
    let m = evidence.exampleCount ?? 0
    return factor < 0
      ? Finding(
        cause: .signError, likelihood: 0.95, summary: "The sign of \(names) is wrong besides.",
        evidence: ["the equation holds with the factor \(figure(factor))"],
        confirm: "reverse the sign of the delta in \(names), and check again")
      : Finding(
        cause: .missingMean, likelihood: 0.95,
        summary: factor > 1
          ? "The derivative in \(names) is a sum over the examples besides, the cost is their mean: 1/m is missing."
          : "The derivative in \(names) is divided by m twice besides.",
        evidence: ["the equation holds with the factor \(figure(factor)), m is \(m)"],
        confirm: "divide \(names) by m once, as the layers above it, and check again")
  }

  private static func exact(
    _ bias: PartEvidence, _ moments: DeltaMoments, _ evidence: Evidence
  ) -> (kind: String, equation: String, factor: Double, match: Match)? {
    let (e, ea, n) = (moments.errors, moments.errorsTimesActivations, bias.numerical)
    let sigmoidForTanh = zip(zip(e, ea), n).map { $0.0.1 - $0.0.0 + $0.1 }
    let tanhForSigmoid = zip(zip(e, ea), n).map { $0.0.0 - $0.0.1 + $0.1 }
    let candidates: [(String, String, [Double])] = [
      ("lacks the derivative of the activation", "Σ_j W[k, j] δ[j]", e),
      (
        "has the derivative of another activation, 1 − a² for a(1 − a)", "Σ e (1 − a²)",
        tanhForSigmoid
      ),
      (
        "has the derivative of another activation, a(1 − a) for 1 − a²", "Σ e a(1 − a)",
        sigmoidForTanh
      ),
      ("has the activation itself instead of its derivative", "Σ e a", ea),
      (
        "has 1 − a instead of the activation's derivative", "Σ e (1 − a)",
        zip(e, ea).map { $0 - $1 }
      ),
    ]
    let m = evidence.exampleCount.map(Double.init) ?? 1
    let factors = m > 1 ? [1, m, -1, 1 / m] : [1, -1]
    for factor in factors {
      for (kind, equation, predicted) in candidates {
        let scaled = predicted.map { factor * $0 }
        let match = Match(bias.analytic, scaled, instead: n, check: evidence.check)
        // Noise meets noise: the prediction must say something.
        guard match.holds, rootMeanSquare(scaled) > evidence.check.tolerance.absolute,
          rootMeanSquare(scaled) > 100 * match.rest
        else { continue }
        return (kind, equation, factor, match)
      }
    }
    return nil
  }

  /// Where no equation can be tried, for want of θ, of a bias or of a layer above that fits: σ′ ≤ ¼ is missing where
  /// every unit is off by a factor of 4 or more, all of one sign, three units or more.
  private static func byRatios(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard let layer = evidence.layers.last(where: { open.contains($0, .weights) }),
      layer.number + 1 < evidence.layers.count, layer.columns >= 3, layer.weights.failedShare > 0.5,
      DeltaMoments(
        of: layer, below: evidence.layers[layer.number + 1], penalty: evidence.penalty) == nil
    else { return [] }
    let fit = RatioFit(layer, evidence, along: .columns)
    guard fit.smallest > 3.9, fit.largest < 100, fit.determination > 0.5 else { return [] }
    for below in evidence.layers where below.number <= layer.number { open.close(below) }
    return [
      Finding(
        cause: .missingActivationDerivative, likelihood: 0.75,
        summary:
          "The delta of \(layer.name) seems to lack the derivative of the activation: the ratios are above 4, as 1/σ′ "
          + "is.",
        evidence: [
          "all layers above \(layer.name) agree or are explained otherwise",
          "unit by unit, a is \(figure(fit.smallest))…\(figure(fit.largest)) times n, with a median R² of "
            + figure(fit.determination),
        ],
        confirm:
          "multiply the delta by the activation's derivative at the very units (a * (1 - a) of a sigmoid), and "
          + "check again"
          + (evidence.check.parameters == nil ? "; with --theta it would be proven" : ""))
    ]
  }
}
