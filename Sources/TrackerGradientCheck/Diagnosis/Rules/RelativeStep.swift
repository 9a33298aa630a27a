/// The step of the quotient is not the number that it is divided by: a step relative to θ.
///
/// Equation: n = s · a, where s is θ, |θ|, 1 + |θ| or max(1, |θ|), entry by entry and with no free number. It is
/// asked of all entries but a tenth (another fault may be there besides), at least eight, because a multiple of
/// θ on top of a right vector is a penalty and no factor.
enum RelativeStep: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !open.isEmpty, let theta = evidence.check.parameters, !evidence.hasNonFinite else {
      return []
    }
    let (a, n) = (evidence.analytic, evidence.check.numerical)
    let steps: [(name: String, factor: (Double) -> Double)] = [
      ("θ", { $0 }), ("|θ|", { abs($0) }), ("1 + |θ|", { 1 + abs($0) }),
      ("max(1, |θ|)", { max(1, abs($0)) }),
    ]
    let size = rootMeanSquare(a)
    let tolerance = 1e-4
    for step in steps {
      let scaled = zip(a, theta).map { $0 * step.factor($1) }
      // Entries whose factor is 1, or that are 0, say nothing.
      let telling = a.indices.filter {
        abs(scaled[$0] - a[$0]) > 1e-2 * abs(a[$0]) && abs(a[$0]) > 1e-3 * size
      }
      let met = telling.count { index in
        abs(scaled[index] - n[index])
          <= tolerance * max(abs(scaled[index]), abs(n[index])) + evidence.check.tolerance.absolute
      }
      let plain = telling.count { abs(a[$0] - n[$0]) <= 0.1 * abs(a[$0] - scaled[$0]) }
      guard telling.count >= 8, met * 10 >= telling.count * 9, plain * 10 < telling.count else {
        continue
      }
      open.closeAll()
      return [
        Finding(
          cause: .relativeStep, likelihood: 0.97,
          summary:
            "The quotients' step is relative to the parameter, but they are divided by ε alone: each is "
            + "\(step.name) times the derivative. The gradient is not at fault.",
          evidence: [
            "n is \(step.name) · a in \(met) of the \(telling.count) entries where that differs from a"
          ],
          confirm:
            "divide by the step that is really taken, (theta + h) - (theta - h), and check again")
      ]
    }
    return []
  }
}
