/// Another factor of the penalty's derivative: halved, or any.
enum RegularizationScaled: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    var findings: [Finding] = []
    while let first = ScaledPenalty.all(evidence, open).first(where: isFault) {
      let factor = first.factor ?? 1
      let meaning =
        KnownFactor.matches(factor, 0.5, within: 0.05)
        ? "halved, as if the ½ of λ/2m Σ θ² were still there"
        : "\(figure(factor)) times what it should be"
      let finding = ScaledPenalty.finding(
        .regularizationScaled, evidence, &open,
        summary: { "The penalty's derivative in \($0) is \(meaning)." },
        confirm: "make the penalty's derivative λ/m · θ, and check again"
      ) { isFault($0) && KnownFactor.matches($0.factor ?? 1, factor, within: 0.05) }
      guard let finding else { break }
      findings.append(finding)
    }
    return findings
  }

  private static func isFault(_ penalty: ScaledPenalty) -> Bool {
    penalty.factor.map { abs($0 - 1) > 0.02 } ?? false
  }
}
