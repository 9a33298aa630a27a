/// λθ where λ/m · θ belongs.
enum RegularizationNotAveraged: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    let found = ScaledPenalty.finding(
      .regularizationNotAveraged, evidence, &open,
      summary: {
        "The penalty's derivative in \($0) is λ · θ: it is not divided by m, the cost's is."
      },
      confirm: "divide the penalty's derivative by m, and check again"
    ) { penalty in
      if let factor = penalty.factor, let m = evidence.exampleCount {
        return m > 2 && KnownFactor.matches(factor, Double(m), within: 0.02)
      }
      return evidence.input.lambda.map { penalty.relation.slope >= 0.4 * $0 } ?? false
    }
    return found.map { [$0] } ?? []
  }
}
