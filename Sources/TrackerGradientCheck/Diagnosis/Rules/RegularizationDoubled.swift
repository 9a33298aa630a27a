/// The penalty's derivative is there twice, or the cost has none.
enum RegularizationDoubled: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    let found = ScaledPenalty.finding(
      .regularizationDoubled, evidence, &open,
      summary: {
        "The penalty's derivative is there twice in \($0): 2λ/m · θ, as of a cost λ/m Σ θ² without the "
          + "½. (A cost that has no penalty at all gives the same vectors.)"
      },
      confirm: "halve the penalty's derivative, or look for the ½ in the cost, and check again"
    ) { penalty in
      penalty.factor.map { KnownFactor.matches($0, 2, within: 0.05) } ?? isSmall(penalty, evidence)
    }
    return found.map { [$0] } ?? []
  }

  /// Without m a slope of about λ is more than twice λ/m for sure.
  private static func isSmall(_ penalty: ScaledPenalty, _ evidence: Evidence) -> Bool {
    guard penalty.relation.slope > 0 else { return false }
    return evidence.input.lambda.map { penalty.relation.slope < 0.4 * $0 } ?? true
  }
}
