/// The quotients carry the rounding of a cost in single precision.
enum SinglePrecision: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !open.isEmpty, let noise = NoiseStructure(evidence), noise.precision != .double else {
      return []
    }
    open.closeAll()
    let isSure = noise.precision == .single
    let finding = Finding(
      cause: .singlePrecision,
      likelihood: isSure ? (noise.quantum == nil ? 0.85 : 0.96) : 0.5,
      summary: "The cost is computed in single precision (float32): the differences are its "
        + "rounding, divided by ε. The gradient is not at fault.",
      evidence: noise.figures,
      confirm: "compute the cost in double precision (float64), and check again")
    guard !isSure else { return [finding] }
    return [
      finding,
      Finding(
        cause: .epsilonTooSmall, likelihood: 0.45,
        summary:
          "ε is too small: the differences are the cost's rounding. Without J, double precision "
          + "and a tiny ε look like single precision.",
        evidence: noise.figures,
        confirm: "give J, or check again with an ε a hundred times as large"),
    ]
  }
}
