/// NaN or ±∞: 0 · log 0 of an output that is exactly 0 or 1, or an overflow.
enum NotFinite: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard evidence.hasNonFinite else { return [] }
    let analytic = evidence.analytic.count { !$0.isFinite }
    let numerical = evidence.check.numerical.count { !$0.isFinite }
    for layer in evidence.layers {
      for part in layer.parts where part.status == .notFinite { open.close(layer, part.part) }
    }
    let side =
      analytic == 0
      ? "The cost is not finite near θ, so that there is no derivative: an output that is exactly 0 "
        + "or 1 makes 0 · log 0, which is NaN."
      : "The gradient itself is not finite: an overflow, or a division by an output that is exactly "
        + "0 or 1."
    return [
      Finding(
        cause: .notFinite, likelihood: 0.99, summary: side,
        evidence: [
          "\(analytic) analytic and \(numerical) numerical derivatives are NaN or infinite"
        ],
        confirm: evidence.input.command.map {
          "compute the cost from the logits: \($0) --cost stable"
        }
          ?? "compute the cost from the logits, such as np.logaddexp(0, z) - y * z for a sigmoid, and check again"
      )
    ]
  }
}
