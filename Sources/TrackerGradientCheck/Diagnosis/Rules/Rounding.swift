/// The quotients carry the rounding of the cost: their quanta say so before all other rules, for what is left of
/// the difference then is nothing that a rule could rest on.
enum QuantizedNoise: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !open.isEmpty, let noise = NoiseStructure(evidence, isUnquantized: false) else {
      return []
    }
    open.closeAll()
    return noise.findings(evidence)
  }
}

/// The same where no quantum is left to be seen, once nothing exact explains the difference.
enum UnquantizedNoise: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !open.isEmpty, let noise = NoiseStructure(evidence, isUnquantized: true) else {
      return []
    }
    open.closeAll()
    return noise.findings(evidence)
  }
}

extension NoiseStructure {
  /// `single-precision` or `epsilon-too-small`, or both where both are possible.
  func findings(_ evidence: Evidence) -> [Finding] {
    let epsilon = evidence.check.epsilon
    let likelihood = quantum == nil ? 0.85 : 0.96
    let small = Finding(
      cause: .epsilonTooSmall, likelihood: precision == nil ? 0.45 : likelihood,
      summary: "ε = \(figure(epsilon)) is too small: the differences are rounding of the cost, "
        + "divided by ε. The gradient is not at fault."
        + (precision == nil
          ? " Without J, double precision and a tiny ε look like single precision." : ""),
      evidence: figures,
      confirm: evidence.retry(epsilon: max(epsilon * 100, 1e-5), note: "the differences fall"))
    let single = Finding(
      cause: .singlePrecision, likelihood: precision == nil ? 0.5 : likelihood,
      summary: "The cost is computed in single precision (float32): the differences are its "
        + "rounding, divided by ε. The gradient is not at fault.",
      evidence: figures,
      confirm: evidence.input.isForeign
        ? "compute the cost in float64 (theta, X and y .astype(np.float64); torch.set_default_dtype(torch.float64)) "
          + "and check again; in float32 take eps = 1e-2 and a tolerance of 1e-2"
        : "compute the cost in double precision (float64), and check again")
    switch precision {
    case .single: return [single]
    case .double: return [small]
    case nil: return [single, small]
    }
  }
}
