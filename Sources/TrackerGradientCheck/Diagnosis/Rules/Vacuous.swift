/// The true derivative is 0 everywhere: what is compared is rounding, and the check proves nothing.
///
/// Equation: a = 0 within the tolerance, and n is made of a few quanta of the cost's rounding, whole multiples
/// below 1,000 of one number, in at least eight entries, at random (neighbours and signs unlike each other).
enum Vacuous: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    let (a, n) = (evidence.analytic, evidence.check.numerical)
    guard !open.isEmpty, !evidence.hasNonFinite, n.count >= 8 else { return [] }
    let largest = a.reduce(0) { max($0, abs($1)) }
    guard largest <= evidence.check.tolerance.absolute, let quantum = evidence.quantum else {
      return []
    }
    let most = n.reduce(0) { max($0, abs($1)) }
    let neighbours = cosine(Array(n.dropLast()), Array(n.dropFirst()))
    guard most < 1000 * quantum, abs(neighbours) < 4 / Double(n.count).squareRoot() else {
      return []
    }
    open.closeAll()
    return [
      Finding(
        cause: .vacuous, likelihood: 0.85,
        summary:
          "The derivative is 0 everywhere, so that the check proves nothing: the quotients are the "
          + "cost's rounding.",
        evidence: [
          "the analytic derivatives are at most \(figure(largest))",
          "the numerical ones are whole multiples of \(figure(quantum)), at most "
            + "\(figure(most / quantum)) of them, of both signs",
        ],
        confirm:
          "check a cost that depends on the parameters, such as (w * output).sum() with random w in the place "
          + "of output.sum()")
    ]
  }
}
