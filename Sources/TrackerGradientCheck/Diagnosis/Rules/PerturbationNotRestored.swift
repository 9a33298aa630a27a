/// The quotients hold their neighbours' derivatives.
enum PerturbationNotRestored: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard let fault = evidence.runningFault else { return [] }
    let (summary, figure) =
      switch fault {
      case .runningSum:
        (
          "The numerical check does not put a parameter back before it perturbs the next: each "
            + "quotient is the running sum of all derivatives before it. The gradient is not at fault.",
          "n[i] − n[i−1] is the analytic derivative, entry by entry; n[i] is not"
        )
      case .oneLate:
        (
          "The numerical check puts each parameter back one too late: each quotient holds its "
            + "neighbour's derivative too. The gradient is not at fault.",
          "n[i] is a[i] + a[i−1], entry by entry"
        )
      }
    return [
      Finding(
        cause: .perturbationNotRestored, likelihood: 0.99, summary: summary, evidence: [figure],
        confirm: "set the perturbation back to 0 after each parameter, and check again")
    ]
  }
}
