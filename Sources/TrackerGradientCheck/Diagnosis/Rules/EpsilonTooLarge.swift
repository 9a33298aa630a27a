import TrackerSystem
import TrackerValues

/// The difference is no larger than the truncation of the quotient: ε²/6 · J‴, or ε/2 · J″ of a one-sided
/// one.
///
/// At the last bias both are bounded whatever the data: J″ = mean σ′ ≤ ¼ and |J‴| = |mean σ″| ≤ 0.0963, of a
/// logistic output as of a softmax. Further down they grow with the inputs' size, to the power of 2
/// and 3, which the gradient itself tells: its rows are to its bias row as the inputs are to 1.
///
/// Without that bound: of a layer whose inputs are x times as large as 1 the derivatives are off by a share of about
/// (εx)²/6 (one-sided: εx/2), times what the activation's third derivative is to its first, a few units and up to some
/// a hundred, and four times as much for each further layer above. All that differs must stay below that, and below a tenth, in every part. No number is
/// fitted; x is the median ratio of the weights' derivatives to the bias's.
enum EpsilonTooLarge: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    let bounded = boundedAtBias(evidence, &open)
    return bounded.isEmpty ? byScale(evidence, &open) : bounded
  }

  private static func byScale(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !open.isEmpty, !evidence.hasNonFinite, evidence.check.method != .complexStep,
      evidence.layers.allSatisfy({ $0.bias != nil })
    else { return [] }
    let epsilon = evidence.check.epsilon
    var figures: [String] = []
    for layer in evidence.layers {
      guard let bias = layer.bias else { return [] }
      let inputs = scaleOfInputs(layer, bias)
      let step = epsilon * max(1, inputs)
      let expected = evidence.check.method == .forward ? step / 2 : step * step / 6
      // Each layer above the next one multiplies the third derivative again.
      let growth = 100 * exp2(Double(2 * max(0, evidence.layers.count - layer.number - 2)))
      for part in layer.parts where open.contains(layer, part.part) {
        guard part.status == .unexplained || part.status == .related else { return [] }
        let share = rootMeanSquare(part.difference) / rootMeanSquare(part.numerical)
        guard share < min(growth * expected, 0.1) else { return [] }
        figures.append(
          "\(part.title): a − n is \(percent(share)) of n; its inputs are about \(figure(inputs)), so that truncation is "
            + "about \(percent(expected))")
      }
    }
    guard !figures.isEmpty else { return [] }
    open.closeAll()
    return [
      Finding(
        cause: .epsilonTooLarge, likelihood: 0.85,
        summary:
          "ε = \(figure(epsilon)) is too large for inputs of this size: the differences are as small and as large as the "
          + "quotient's own truncation. The gradient is not at fault.",
        evidence: figures,
        confirm: evidence.input.command.map { "\($0) --epsilon \(figure(epsilon / 100))" }
          ?? "take the quotients again with eps = \(figure(epsilon / 100)), or scale the inputs to about 1: the "
          + "differences fall")
    ]
  }

  /// The median ratio of a row of weights' derivatives to the bias's, unit by unit; 1 where the biases' are 0 but for
  /// rounding, as before a batch norm.
  static func scaleOfInputs(_ layer: LayerEvidence, _ bias: PartEvidence) -> Double {
    var ratios: [Double] = []
    let rounding = max(1e-12, 1e-6 * rootMeanSquare(layer.weights.analytic))
    for unit in 0..<layer.columns where abs(bias.analytic[unit]) > rounding {
      ratios += layer.column(unit, of: layer.analytic).map { abs($0 / bias.analytic[unit]) }
    }
    return ratios.isEmpty ? 1 : min(median(ratios), 1e6)
  }

  private static func boundedAtBias(
    _ evidence: Evidence, _ open: inout OpenParts
  ) -> [Finding] {
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
        confirm: evidence.retry(
          epsilon: isForward ? max(epsilon / 100, 1e-8) : max(epsilon / 10, 1e-6),
          note: "the differences fall by 100"))
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
