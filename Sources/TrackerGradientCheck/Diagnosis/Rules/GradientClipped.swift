/// Derivatives cut off at a largest value, which is meant for a step and not for a gradient.
enum GradientClipped: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !open.isEmpty, !evidence.hasNonFinite else { return [] }
    let limit = evidence.analytic.reduce(0) { max($0, abs($1)) }
    let clipped = evidence.analytic.indices.filter { abs(evidence.analytic[$0]) == limit }
    guard clipped.count >= 3 else { return [] }
    let tolerance = evidence.check.tolerance
    let isExplained = evidence.analytic.indices.allSatisfy { index in
      let (a, n) = (evidence.analytic[index], evidence.numerical[index])
      return tolerance.agrees(a, min(max(n, -limit), limit), rounding: evidence.check.rounding)
    }
    guard isExplained else { return [] }
    open.closeAll()
    return [
      Finding(
        cause: .gradientClipped, likelihood: 0.96,
        summary:
          "The gradient is clipped: no derivative is larger than \(figure(limit)), and all that are "
          + "smaller agree.",
        evidence: ["\(clipped.count) analytic derivatives are exactly ±\(figure(limit))"],
        confirm: "clip the step, not the gradient that is checked")
    ]
  }
}
