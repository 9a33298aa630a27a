/// All quotients are 0, the penalty's among them.
enum CostIgnoresParameters: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !open.isEmpty, evidence.check.numerical.allSatisfy({ $0 == 0 }) else { return [] }
    open.closeAll()
    let epsilon = evidence.check.epsilon
    let largest = evidence.analytic.reduce(0) { max($0, abs($1)) }
    // What the cost would change by, against what it can resolve (at 1, if it is not known).
    let isLost = largest * epsilon < (evidence.check.cost ?? 1).ulp
    let measured =
      "all \(evidence.analytic.count) quotients are exactly 0; the analytic derivatives reach "
      + figure(largest)
    if isLost {
      return [
        Finding(
          cause: .epsilonTooSmall, likelihood: 0.97,
          summary:
            "ε = \(figure(epsilon)) is too small: the cost does not change in its last digit.",
          evidence: [measured], confirm: "\(evidence.input.command) --epsilon 1e-4")
      ]
    }
    return [
      Finding(
        cause: .costIgnoresParameters, likelihood: 0.95,
        summary: "The cost does not depend on the parameter that is perturbed: it reads other "
          + "variables than its argument, or the perturbed copy is not the one evaluated.",
        evidence: [measured],
        confirm: "evaluate the cost at two very different θ: it must change")
    ]
  }
}
