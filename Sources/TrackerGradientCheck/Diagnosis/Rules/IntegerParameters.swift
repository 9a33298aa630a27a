/// θ is an array of whole numbers, and θ + ε is cut off to one: the quotient is that of a whole step, divided
/// by 2ε.
///
/// Equation: with the cut towards 0, as C and NumPy make it, θ + ε and θ − ε are one number at θ = 0, so that n
/// is exactly 0 there, and elsewhere n is (J(θ) − J(θ ∓ 1)) / 2ε, about a/2ε. It is believed of eight entries or
/// more, all whole, where n is 0 wherever θ is and a is not, and the others are larger than a by more than
/// 0.01/ε on the average; or where the file says that θ is of an integer type and all n are 0 or so large.
enum IntegerParameters: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !open.isEmpty, let theta = evidence.check.parameters, !evidence.hasNonFinite else {
      return []
    }
    let isDeclared = evidence.input.elementTypes.parameters?.contains("int") ?? false
    let isWhole = theta.count >= 8 && theta.allSatisfy { $0 == $0.rounded() }
    guard isDeclared || isWhole, theta.contains(where: { $0 != 0 }) else { return [] }
    let numerical = evidence.check.numerical
    let telling = theta.indices.filter { abs(evidence.analytic[$0]) > 1e-9 }
    let atZero = telling.filter { theta[$0] == 0 }
    let elsewhere = telling.filter { theta[$0] != 0 }
    let size = rootMeanSquare(elsewhere.map { numerical[$0] })
    let claimed = rootMeanSquare(elsewhere.map { evidence.analytic[$0] })
    let isLarge = size * evidence.check.epsilon > 0.01 * claimed
    let isLost = numerical.allSatisfy { $0 == 0 }
    guard atZero.allSatisfy({ numerical[$0] == 0 }), isLarge || (isLost && isDeclared),
      isDeclared || !atZero.isEmpty
    else { return [] }
    open.closeAll()
    var figures = ["all \(theta.count) parameters are whole numbers"]
    if let type = evidence.input.elementTypes.parameters, isDeclared {
      figures.append("the file of θ is of type \(type)")
    }
    if !atZero.isEmpty {
      figures.append("n is exactly 0 at the \(atZero.count) parameters that are 0, a is not")
    }
    figures.append(
      "elsewhere n is \(figure(size)) (rms), a \(figure(claimed)): a whole step, divided by 2ε, is "
        + "\(figure(1 / (2 * evidence.check.epsilon))) times too large")
    return [
      Finding(
        cause: .integerParameters, likelihood: 0.96,
        summary:
          "θ is an array of whole numbers: θ + ε is cut off to one, so that the quotient takes a step "
          + "of 1 or of nothing. The gradient is not at fault.",
        evidence: figures,
        confirm:
          "make it an array of floating-point numbers (theta = theta.astype(float)) before the "
          + "check, and check again")
    ]
  }
}
