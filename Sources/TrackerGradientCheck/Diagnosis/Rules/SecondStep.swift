/// Quotients with 2ε beside those with ε: their errors grow as ε², as ε or as 1/ε, a fault of the
/// gradient does not grow at all.
enum SecondStep: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard let twice = evidence.input.numericalAtTwice, !open.isEmpty, !evidence.hasNonFinite,
      twice.count == evidence.analytic.count, twice.allSatisfy(\.isFinite)
    else { return [] }
    let once = zip(evidence.analytic, evidence.check.numerical).map { $0 - $1 }
    let second = zip(evidence.analytic, twice).map { $0 - $1 }
    let growth = (dot(second, second) / dot(once, once)).squareRoot()
    let alike = cosine(once, second)
    let measured =
      "with 2ε the differences are \(figure(growth)) times as large (cosine \(figure(alike)))"
    let order = evidence.check.method == .forward ? 2.0 : 4.0
    if alike > 0.98, growth > 1.7, growth < 1.2 * order {
      open.closeAll()
      return [
        Finding(
          cause: .epsilonTooLarge, likelihood: 0.97,
          summary: "ε = \(figure(evidence.check.epsilon)) is too large: the difference is the "
            + "quotient's own error of truncation, not the gradient's.",
          evidence: [
            measured, "truncation multiplies them by \(growth < 2.8 ? "2 (one-sided)" : "4")",
          ],
          confirm: "\(evidence.input.command) --epsilon \(figure(evidence.check.epsilon / 10))")
      ]
    }
    if abs(alike) < 0.5, growth > 0.25, growth < 0.8 {
      open.closeAll()
      return [
        Finding(
          cause: .epsilonTooSmall, likelihood: 0.95,
          summary: "ε = \(figure(evidence.check.epsilon)) is too small: the difference is rounding "
            + "of the cost, divided by ε.",
          evidence: [measured, "rounding halves them, and changes their signs at random"],
          confirm: "\(evidence.input.command) --epsilon \(figure(evidence.check.epsilon * 100))")
      ]
    }
    return []
  }
}
