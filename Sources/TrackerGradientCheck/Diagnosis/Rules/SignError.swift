/// The gradient, or its data part, points the other way.
enum SignError: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    ScaleGroup.all(evidence, open).filter { group in
      group.scale < 0
    }.map { group in
      if KnownFactor.matches(group.scale, -1, within: 2e-3) { group.close(&open) }
      return Finding(
        cause: .signError, likelihood: 0.98,
        summary: "The sign is wrong in \(group.title(evidence)): the analytic derivative is the "
          + "numerical one times \(figure(group.scale)). Often the delta is label − output instead "
          + "of output − label.",
        evidence: group.figures,
        confirm: "reverse the sign of the delta in \(group.title(evidence)), and check again")
    }
  }
}
