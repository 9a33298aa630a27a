/// The quotients of all parameters, or of whole layers, are exactly 0: the cost does not see what is perturbed.
///
/// Equation: n = 0 to the last bit, in every weight of a layer whose a is not 0. Rounding alone would leave a
/// multiple of ulp(J)/2ε; a right derivative of 0 would have a = 0 beside it. Where the change of J is less than
/// its last digit, 2ε|a| < ulp(J), nothing else can be expected, and ε is too small. The biases may be seen: weights
/// that are rounded or replaced by their signs are flat alone.
enum ParametersNotUsed: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    let layers = evidence.layers.filter { layer in
      let weights = layer.weights
      return open.contains(layer, .weights) && weights.numerical.allSatisfy { $0 == 0 }
        && layer.analytic.count >= 3
        && (evidence.quantum.map { rootMeanSquare(weights.analytic) > 10 * $0 } ?? true)
    }
    guard !layers.isEmpty else { return [] }
    let titles = layers.map { $0.numerical.allSatisfy { $0 == 0 } ? $0.name : $0.weights.title }
    let isAll = evidence.check.numerical.allSatisfy { $0 == 0 }
    let epsilon = evidence.check.epsilon
    let analytic = layers.flatMap(\.weights.analytic)
    let largest = analytic.reduce(0) { max($0, abs($1)) }
    // What the cost would change by, against what it can resolve (at 1, if it is not known).
    let isLost = largest * epsilon < (evidence.check.cost ?? 1).ulp
    let names =
      isAll ? "all \(evidence.check.numerical.count) quotients" : "all quotients of \(list(titles))"
    let measured =
      "\(names) are exactly 0; the analytic derivatives there reach \(figure(largest))"
    if isAll { open.closeAll() }
    for layer in layers {
      for part in layer.parts where part.numerical.allSatisfy({ $0 == 0 }) {
        open.close(layer, part.part)
      }
    }
    if isLost {
      return [
        Finding(
          cause: .epsilonTooSmall, likelihood: 0.97,
          summary:
            "ε = \(figure(epsilon)) is too small: the cost does not change in its last digit.",
          evidence: [measured],
          confirm: evidence.retry(epsilon: 1e-4, note: "the quotients are not 0"))
      ]
    }
    // Nor can a cost in single precision.
    let isLostInSingle =
      2 * largest * epsilon < 4 * Double(Float(evidence.check.cost ?? 1).ulp)
    let single = Finding(
      cause: .singlePrecision, likelihood: 0.6,
      summary:
        "The cost does not change in its last digit, if it is computed in single precision (float32).",
      evidence: [measured], confirm: "compute the cost in float64, and check again")
    return (isLostInSingle ? [single] : []) + [
      Finding(
        cause: .parametersNotUsed, likelihood: isLostInSingle ? 0.4 : 0.95,
        summary: isAll
          ? "The cost does not depend on the parameters that are perturbed: it reads other variables "
            + "than its argument, or θ + ε and θ − ε are one and the same array."
          : "The cost does not depend on \(list(titles)): it uses a copy, or other variables, or what "
            + "stands behind is flat (a rounding, a sign, an argmax), whatever slope the gradient takes for it.",
        evidence: [measured],
        confirm:
          "evaluate the cost at theta and at a copy that is much larger (theta.copy() * 2): it must "
          + "change; make plus = theta.copy(), minus = theta.copy() for each quotient")
    ]
  }
}
