/// The difference is no larger than the truncation of the quotient: ε²/6 · J‴, or ε/2 · J″ of a one-sided
/// one.
///
/// At the last bias both are bounded whatever the data: J″ = mean σ′ ≤ ¼ and |J‴| = |mean σ″| ≤ 0.0963, of a
/// logistic output as of a softmax. Further down they grow with the inputs' size, to the power of 2
/// and 3, which the gradient itself tells: its rows are to its bias row as the inputs are to 1.
enum EpsilonTooLarge: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !open.isEmpty, evidence.unexplained.isEmpty == false, !evidence.hasNonFinite,
      let last = evidence.last, let bias = last.bias
    else { return [] }
    let epsilon = evidence.check.epsilon
    let atBias = bias.difference.map(abs).max() ?? 0
    let central = epsilon * epsilon / 6 * 0.0963
    let isForward =
      evidence.check.method == .forward || (atBias > 2 * central && isOneSided(last))
    guard epsilon >= (isForward ? 1e-7 : 5e-4) else { return [] }
    let ceiling = isForward ? epsilon / 2 * 0.25 : central
    let slack = 1.05
    guard atBias <= slack * ceiling, atBias > 1e-6 * ceiling else { return [] }
    for layer in evidence.layers {
      guard isWithinTruncation(layer, ceiling: ceiling, power: isForward ? 2 : 3) else { return [] }
    }
    open.closeAll()
    var figures = [
      "\(bias.title): the largest difference is \(figure(atBias)); truncation may be "
        + "\(isForward ? "ε/8" : "0.016 ε²") = \(figure(ceiling)) there",
      "the largest of all is \(figure(evidence.check.maxAbsoluteDifference))",
    ]
    if isForward {
      figures.append("a − n is negative in \(percent(negativeShare(last))) of \(last.name)")
    }
    let isDeclared = evidence.check.method == .forward
    return [
      Finding(
        cause: .epsilonTooLarge, likelihood: 0.9,
        summary: "ε = \(figure(epsilon)) is too large: the differences are as large as the "
          + "truncation of a \(isForward ? "one-sided" : "central") quotient, not the gradient's fault."
          + (isForward && !isDeclared
            ? " The quotient is one-sided, not central as was said." : ""),
        evidence: figures,
        confirm: isForward
          ? "\(evidence.input.command) --check-method central, or --epsilon \(figure(max(epsilon / 100, 1e-8)))"
          : "\(evidence.input.command) --epsilon \(figure(max(epsilon / 10, 1e-6))): the differences "
            + "fall by 100")
    ]
  }

  /// J″ is a mean of squares in the last layer, so that a one-sided quotient is too large everywhere.
  private static func isOneSided(_ last: LayerEvidence) -> Bool {
    last.analytic.count >= 6 && negativeShare(last) > 0.97
  }

  private static func negativeShare(_ layer: LayerEvidence) -> Double {
    let negative = zip(layer.analytic, layer.numerical).count { $0 - $1 < 0 }
    return Double(negative) / Double(layer.analytic.count)
  }

  private static func isWithinTruncation(
    _ layer: LayerEvidence, ceiling: Double, power: Int
  ) -> Bool {
    let biasGradient = rootMeanSquare(layer.bias?.numerical ?? [])
    let weightGradient = rootMeanSquare(layer.weights.numerical)
    let inputs = biasGradient > 0 ? max(1, min(weightGradient / biasGradient, 20)) : 1
    var growth = 1.0
    for _ in 0..<power { growth *= inputs }
    return layer.parts.allSatisfy { part in
      // Weights above the layer enter too; a network near its start has them below about 2.
      let allowance = 30 * ceiling * (part.part == .bias ? 1 : growth)
      let size = rootMeanSquare(part.difference)
      return size <= allowance && size < 0.5 * max(rootMeanSquare(part.numerical), allowance)
    }
  }
}
