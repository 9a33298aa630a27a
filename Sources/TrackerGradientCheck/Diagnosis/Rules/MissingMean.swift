/// The data's part is a sum over the examples, or is divided by m twice.
enum MissingMean: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    ScaleGroup.all(evidence, open).compactMap { group in
      let size = abs(group.scale)
      let isSum: Bool
      let likelihood: Double
      if let m = evidence.exampleCount.map(Double.init), m > 1 {
        guard
          KnownFactor.matches(size, m, within: 2e-3)
            || KnownFactor.matches(size * m, 1, within: 2e-3)
        else { return nil }
        isSum = size > 1
        likelihood = m > 2 ? 0.98 : 0.7
      } else {
        // A whole number well above the factors that a formula makes: m is not known. A share of a large number would
        // take any for a whole one.
        let whole = size > 1 ? size : 1 / size
        guard whole > 8.5, abs(whole - whole.rounded()) < min(1e-3 * whole, 0.02) else {
          return nil
        }
        isSum = size > 1
        likelihood = group.parts.count == evidence.parts.count ? 0.85 : 0.7
      }
      group.close(&open)
      let title = group.title(evidence)
      return Finding(
        cause: .missingMean, likelihood: likelihood,
        summary: isSum
          ? "The derivative in \(title) is a sum over the examples, the cost is their mean: 1/m is "
            + "missing."
          : "The derivative in \(title) is divided by m twice.",
        evidence: group.figures
          + [
            evidence.exampleCount.map { "m is \($0)" }
              ?? "m is not known; it would be \(figure(isSum ? size : 1 / size))"
          ],
        confirm: isSum
          ? "divide the data's part of \(title) by m, and check again"
          : "take one of the two divisions by m out of \(title), and check again")
    }
  }
}
