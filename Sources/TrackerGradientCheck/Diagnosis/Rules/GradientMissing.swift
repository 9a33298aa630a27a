/// Derivatives that are exactly 0 and should not be, beside others that agree: of a unit, an input or a
/// layer that is never computed, or masked.
enum GradientMissing: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !evidence.hasNonFinite else { return [] }
    var figures: [String] = []
    for layer in evidence.layers where open.contains(layer) {
      let tolerance = evidence.check.tolerance
      let wrong = layer.analytic.indices.filter {
        !tolerance.agrees(
          layer.analytic[$0], layer.numerical[$0], rounding: evidence.check.rounding)
      }
      guard !wrong.isEmpty, wrong.allSatisfy({ layer.analytic[$0] == 0 }) else { continue }
      open.close(layer)
      let rows = Set(wrong.map { $0 / layer.columns }).count
      let columns = Set(wrong.map { $0 % layer.columns }).count
      figures.append(
        "\(layer.name): \(wrong.count) of \(layer.analytic.count) analytic derivatives, in \(rows) rows and "
          + "\(columns) columns, are exactly 0 where the numerical are not; all others agree")
    }
    guard !figures.isEmpty else { return [] }
    return [
      Finding(
        cause: .gradientMissing, likelihood: 0.95,
        summary: "Some derivatives are never computed, or are masked: they are exactly 0.",
        evidence: figures,
        confirm: "look for rows or columns that a loop or a slice leaves out, and check again")
    ]
  }
}
