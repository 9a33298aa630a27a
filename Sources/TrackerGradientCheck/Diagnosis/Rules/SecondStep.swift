/// Quotients with another step beside those with ε: with r = ε₂/ε the error of truncation is r² times as large
/// (r times of a one-sided quotient), that of rounding 1/r times, at random; a fault of the gradient stays.
///
/// All entries of both vectors take part; the growth of the differences is measured, no number is fitted.
/// Truncation must multiply them by at least the square root of what theory says, in the same direction (cosine
/// above 0.98, for both are one function of θ); rounding must leave them unlike each other (cosine below ½).
enum SecondStep: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard let other = evidence.input.secondStep, !open.isEmpty, !evidence.hasNonFinite,
      other.numerical.count == evidence.analytic.count, other.numerical.allSatisfy(\.isFinite),
      // What is drawn anew at each evaluation is divided by the step, too.
      evidence.disturbance == nil
    else { return [] }
    let epsilon = evidence.check.epsilon
    let isLarger = other.epsilon > epsilon
    // Both ways round, the second is the larger step.
    let small = isLarger ? evidence.check.numerical : other.numerical
    let large = isLarger ? other.numerical : evidence.check.numerical
    let ratio = max(epsilon, other.epsilon) / min(epsilon, other.epsilon)
    guard ratio > 1.5 else { return [] }
    let atSmall = zip(evidence.analytic, small).map { $0 - $1 }
    let atLarge = zip(evidence.analytic, large).map { $0 - $1 }
    let growth = (dot(atLarge, atLarge) / dot(atSmall, atSmall)).squareRoot()
    let alike = cosine(atSmall, atLarge)
    let measured =
      "with \(figure(ratio)) times the step the differences are \(figure(growth)) times as large (cosine "
      + "\(figure(alike)))"
    let expected = evidence.check.method == .forward ? ratio : ratio * ratio
    // A central quotient that is really one-sided grows by the ratio alone.
    if alike > 0.98, growth > ratio.squareRoot() * 1.2, growth < 1.2 * expected {
      open.closeAll()
      let isOneSided = growth < (ratio * expected).squareRoot() || expected == ratio
      return [
        Finding(
          cause: .epsilonTooLarge, likelihood: 0.97,
          summary: "ε = \(figure(epsilon)) is too large: the difference is the "
            + "quotient's own error of truncation, not the gradient's.",
          evidence: [
            measured,
            "truncation multiplies them by \(figure(isOneSided ? ratio : expected))"
              + (isOneSided ? " (one-sided)" : ""),
          ], confirm: evidence.retry(epsilon: epsilon / 10, note: "the differences fall"))
      ]
    }
    if abs(alike) < 0.5, growth * ratio > 0.5, growth * ratio < 1.6 {
      open.closeAll()
      return [
        Finding(
          cause: .epsilonTooSmall, likelihood: 0.95,
          summary: "ε = \(figure(epsilon)) is too small: the difference is rounding "
            + "of the cost, divided by ε.",
          evidence: [
            measured,
            "rounding divides them by \(figure(ratio)), and changes their signs at random",
          ],
          confirm: evidence.retry(epsilon: epsilon * 100, note: "the differences fall"))
      ]
    }
    return []
  }
}
