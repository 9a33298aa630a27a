/// A constant factor that is neither −1 nor m.
enum BlockScaled: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    ScaleGroup.all(evidence, open).filter { group in
      let size = abs(group.scale)
      let m = Double(evidence.exampleCount ?? 0)
      let isMean =
        m > 1
        && (KnownFactor.matches(size, m, within: 2e-3)
          || KnownFactor.matches(size * m, 1, within: 2e-3))
      return !isMean && !KnownFactor.matches(size, 1, within: 1e-9)
        && !(group.scale < 0 && KnownFactor.matches(group.scale, -1, within: 2e-3))
    }.compactMap { group in
      group.close(&open)
      let title = group.title(evidence)
      return Finding(
        cause: .blockScaled, likelihood: isBelowAndFour(group, evidence) ? 0.6 : 0.93,
        summary: [
          "The derivative in \(title) is \(figure(group.scale)) times what it should be.",
          meaning(group, evidence),
        ]
        .filter { !$0.isEmpty }.joined(separator: " "),
        evidence: group.figures,
        confirm:
          "divide \(title) by \(figure(group.scale)), or look for that factor in the cost and "
          + "in the quotient, and check again")
    }
  }

  /// Four, in layers below the last alone: σ′ is ¼ at 0, and may be what is missing.
  static func isBelowAndFour(_ group: ScaleGroup, _ evidence: Evidence) -> Bool {
    group.scale >= 3.99 && group.scale < 4.5
      && group.parts.allSatisfy { $0.layer.number < evidence.layers.count - 1 }
  }

  private static func meaning(_ group: ScaleGroup, _ evidence: Evidence) -> String {
    let scale = group.scale
    let isEverywhere = group.parts.count == evidence.parts.count
    if isEverywhere, KnownFactor.matches(scale, 0.5, within: 2e-3) {
      return
        "Either the quotient is divided by ε where 2ε belongs, or the gradient is halved (½ of a "
        + "squared error): the two vectors alone do not tell these apart."
    }
    if isEverywhere, KnownFactor.matches(scale, 2, within: 2e-3) {
      return
        "Either the quotient is one-sided and divided by 2ε, or the gradient lacks a ½: the two "
        + "vectors alone do not tell these apart."
    }
    if let outputs = evidence.last?.columns, outputs > 1 {
      if KnownFactor.matches(abs(scale), Double(outputs), within: 2e-3) {
        return
          "That is the number of outputs: a sum over the outputs where the cost takes their mean."
      }
      if KnownFactor.matches(abs(scale) * Double(outputs), 1, within: 2e-3) {
        return
          "That is one over the number of outputs: a mean over the outputs where the cost takes "
          + "their sum."
      }
    }
    if let m = evidence.exampleCount.map(Double.init), m > 2,
      abs(scale - m / (m - 1)) < 0.02 * (m / (m - 1) - 1)
    {
      return "That is m / (m − 1)."
    }
    if isBelowAndFour(group, evidence) {
      return "Perhaps σ′, which is ¼ at 0, is missing."
    }
    return ""
  }
}
