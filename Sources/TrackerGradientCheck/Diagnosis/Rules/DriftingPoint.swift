import TrackerValues

/// The quotients are those of a point that moves away from θ, parameter by parameter: one side of the
/// perturbation is never taken back.
///
/// The difference begins at nothing and grows along the index: over the first layer's entries its rank correlation with
/// the place must be three standard errors above 0, and that of the rows' sizes above ½. It is a pattern, no equation.
enum DriftingPoint: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard let first = evidence.layers.first, first.rows >= 4, !evidence.hasNonFinite,
      evidence.layers.allSatisfy({ open.contains($0) && $0.rearrangement == nil })
    else { return [] }
    let difference = zip(first.analytic, first.numerical).map { abs($0 - $1) }
    let rows = (0..<first.rows).map { rootMeanSquare(first.row($0, of: difference)) }
    let typical = median(difference)
    let order = rankCorrelation(rows)
    let ofAll = rankCorrelation(difference)
    // Three standard errors of a rank correlation of unrelated values, 1/√(N − 1).
    guard difference[0] < 0.02 * typical, order > 0.5,
      ofAll * Double(difference.count - 1).squareRoot() > 3
    else { return [] }
    open.closeAll()
    return [
      Finding(
        cause: .perturbationNotRestored, likelihood: 0.8,
        summary:
          "The numerical check moves away from θ: one side of each perturbation is not taken back, "
          + "so that each quotient is taken a little further off. The gradient is not at fault.",
        evidence: [
          "the first difference is \(figure(difference[0])), the median \(figure(typical)): they grow along "
            + "the index (rank correlation over \(first.name)'s rows \(figure(order)))"
        ],
        confirm: "copy θ for each parameter, or put it back exactly, and check again")
    ]
  }

  /// Spearman's rank correlation of the values with their places.
  private static func rankCorrelation(_ values: [Double]) -> Double {
    let order = values.indices.sorted { values[$0] < values[$1] }
    let squares = order.enumerated().reduce(0) { sum, pair in
      sum + (pair.offset - pair.element) * (pair.offset - pair.element)
    }
    let count = values.count
    return 1 - 6 * Double(squares) / Double(count * (count * count - 1))
  }
}
