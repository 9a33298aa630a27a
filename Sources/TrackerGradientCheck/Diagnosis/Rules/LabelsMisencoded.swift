/// The labels that the gradient sees are not those that the cost sees.
///
/// A label changes the last delta by a difference of two one-hot rows: the residual of the last bias, times
/// m, is a vector of whole numbers, and that of every row sums to 0 over the outputs.
enum LabelsMisencoded: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard let last = evidence.last, open.contains(last, .weights), let bias = last.bias,
      last.weights.status == .unexplained, bias.status != .absent, !evidence.hasNonFinite,
      last.columns > 1 || evidence.exampleCount != nil,
      // A right delta below a wrong last layer: its inputs, not its labels.
      evidence.layers.dropLast().allSatisfy({ open.contains($0) })
    else { return [] }
    let residual = zip(last.analytic, last.numerical).map { $0 - $1 }
    let biasResidual = bias.difference
    let size = rootMeanSquare(residual)
    let rawSums = (0..<last.rows).map { last.row($0, of: residual).reduce(0, +) }
    // What is left of the sums may be a fault of the penalty on top.
    let penaltySlope = slopeOfSums(rawSums, last)
    let sums = penaltySlope?.rest ?? rawSums
    let numericalSums = (0..<last.rows).map { last.row($0, of: last.numerical).reduce(0, +) }
    // With softmax every row of both sides sums to 0, whatever is wrong.
    let isConserved = last.columns > 1 && rootMeanSquare(sums) < 1e-3 * size
    let saysNothing = rootMeanSquare(numericalSums) < 1e-3 * rootMeanSquare(last.numerical)
    let biasAgrees = rootMeanSquare(biasResidual) < 1e-4 * max(size, .leastNormalMagnitude)
    let counts = evidence.exampleCount.map { m in biasResidual.map { $0 * Double(m) } }
    let areWhole =
      counts.map { counts in
        counts.allSatisfy { abs($0 - $0.rounded()) < 0.02 } && counts.contains { abs($0) > 0.5 }
      } ?? false
    let conserved = "the residual of each row of \(last.name) sums to 0 over the outputs"
    var likelihood: Double
    var figures: [String]
    let detail: String
    if biasAgrees, isConserved {
      likelihood = saysNothing ? 0.75 : 0.93
      figures = ["\(bias.title) agrees exactly, the weights do not", conserved]
      detail = "they belong to other examples (shuffled apart from the inputs)"
    } else if areWhole, let counts {
      let isShift = isConserved || abs(counts.reduce(0, +)) < 0.02
      // Outputs that are exactly 1 and clamped leave whole numbers too.
      guard isShift || FlatColumns(last, evidence)?.flat.isEmpty ?? true else { return [] }
      likelihood = isShift ? 0.96 : 0.8
      figures = [
        "m times the residual of \(bias.title) is whole: "
          + counts.prefix(10).map { figure($0.rounded()) }.joined(separator: ", ")
      ]
      if isConserved { figures.append(conserved) }
      detail =
        isShift
        ? "classes are numbered or ordered otherwise (such as 1…10 for 0…9)"
        : "some class is coded otherwise (left out, or −1 for 0)"
    } else if isConserved, !saysNothing, evidence.exampleCount == nil, last.rearrangement == nil {
      likelihood = 0.8
      figures = [conserved, "m is not known; with it the residual of the bias would be counts"]
      detail = "classes or examples are numbered otherwise"
    } else {
      return []
    }
    if last.columns == 1 { likelihood = min(likelihood, 0.8) }
    open.closeAll()
    let labels = [
      Finding(
        cause: .labelsMisencoded, likelihood: likelihood,
        summary: "The gradient is taken with other labels than the cost: \(detail).",
        evidence: figures,
        confirm:
          "use one and the same array of labels in the cost and in the delta, and check again")
    ]
    guard let penaltySlope, let penalty = evidence.penalty, penalty > 0 else { return labels }
    let factor = 1 + penaltySlope.slope / penalty
    return labels + [
      Finding(
        cause: ScaledPenalty.cause(ofFactor: factor, exampleCount: evidence.exampleCount),
        likelihood: 0.9,
        summary: "The penalty's derivative is \(figure(factor)) times what it should be, on top.",
        evidence: [
          "the residual of \(last.name), summed over the outputs, where labels cancel, is "
            + "\(figure(penaltySlope.slope)) · θ; λ/m is \(figure(penalty))"
        ],
        confirm: "make the penalty's derivative λ/m · θ, and check again")
    ]
  }

  /// The slope of the rows' sums on those of θ, where it explains them all but whole.
  private static func slopeOfSums(
    _ sums: [Double], _ last: LayerEvidence
  ) -> (slope: Double, rest: [Double])? {
    guard let theta = last.parameters, last.columns > 1, last.rows >= 5 else { return nil }
    let thetaSums = (0..<last.rows).map { row in
      row == last.biasRow ? 0 : last.row(row, of: theta).reduce(0, +)
    }
    guard let fit = LeastSquares(sums, on: [thetaSums]),
      fit.residualSquares < 1e-4 * dot(sums, sums),
      rootMeanSquare(sums) > 1e-6
    else { return nil }
    return (fit.coefficients[0], fit.residual)
  }
}
