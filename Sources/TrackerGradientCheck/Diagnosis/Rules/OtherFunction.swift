/// The quotients are those of the network's output, not of its cost.
///
/// Equation: an output z = a W + b has ∂Σz/∂b = 1, so that the last bias's n is exactly 1 (1/K for a mean over K
/// outputs, m for a sum over examples) for every output, whatever the data; no number is free. It is met to 10⁻⁷,
/// 23 bits an entry, where a differs.
enum OtherFunction: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard let last = evidence.last, let bias = last.bias, open.contains(last, .bias),
      !evidence.hasNonFinite
    else { return [] }
    let m = evidence.exampleCount.map(Double.init) ?? 1
    let outputs = Double(last.columns)
    let values = [1, 1 / outputs, m, m / outputs, 1 / m]
    let tolerance = 1e-7 + 4 * evidence.check.rounding
    let found = values.first { value in
      bias.numerical.allSatisfy { abs($0 - value) <= tolerance * max(1, value) }
        && tolerance < 1e-3 * value
        && bias.analytic.allSatisfy { abs($0 - value) > 1e-4 * value }
    }
    guard let found else { return [] }
    open.closeAll()
    return [
      Finding(
        cause: .otherFunction, likelihood: 0.9,
        summary:
          "The quotients are those of the network's output, not of its cost: the cost's derivative "
          + "depends on the labels, these do not.",
        evidence: [
          "the numerical derivative of \(bias.title) is exactly \(figure(found)) for every output, as of "
            + "\(found == 1 / outputs && outputs > 1 ? "the outputs' mean" : "the outputs' sum")"
        ],
        confirm:
          "print what the checked function returns: it must be the cost that the gradient is of")
    ]
  }
}
