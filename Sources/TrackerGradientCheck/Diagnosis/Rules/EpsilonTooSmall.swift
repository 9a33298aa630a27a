/// The quotients carry the rounding of a cost in double precision, because ε is small.
enum EpsilonTooSmall: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !open.isEmpty, let noise = NoiseStructure(evidence), noise.precision == .double else {
      return []
    }
    open.closeAll()
    let epsilon = evidence.check.epsilon
    return [
      Finding(
        cause: .epsilonTooSmall, likelihood: noise.quantum == nil ? 0.85 : 0.96,
        summary: "ε = \(figure(epsilon)) is too small: the differences are rounding of the cost, "
          + "divided by ε. The gradient is not at fault.",
        evidence: noise.figures,
        confirm: "\(evidence.input.command) --epsilon \(figure(max(epsilon * 100, 1e-5)))")
    ]
  }
}
