import TrackerSystem

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
    // A bias that is right but for a penalty of its own is right in its labels.
    let isDecayed = bias.status == .related && bias.relation.map { !$0.isScaled } ?? false
    let rawSums = (0..<last.rows).filter { !isDecayed || $0 != last.biasRow }.map {
      last.row($0, of: residual).reduce(0, +)
    }
    // What is left of the sums may be a fault of the penalty on top.
    let penaltySlope = isDecayed ? nil : slopeOfSums(rawSums, last)
    let sums = penaltySlope?.rest ?? rawSums
    let numericalSums = (0..<last.rows).map { last.row($0, of: last.numerical).reduce(0, +) }
    // With softmax every row of both sides sums to 0, whatever is wrong.
    let isConserved = last.columns > 1 && rootMeanSquare(sums) < 1e-3 * size
    let saysNothing = rootMeanSquare(numericalSums) < 1e-3 * rootMeanSquare(last.numerical)
    let (biasPenalty, counts) = countsOfBias(bias, evidence)
    let biasAgrees =
      isDecayed || rootMeanSquare(biasResidual) < 1e-4 * max(size, .leastNormalMagnitude)
    let areWhole = counts.map(areWhole) ?? false
    let conserved = "the residual of each row of \(last.name) sums to 0 over the outputs"
    var likelihood: Double
    var figures: [String]
    let detail: String
    if biasAgrees, isConserved {
      likelihood = saysNothing ? 0.75 : 0.93
      figures = [
        "\(bias.title) agrees\(isDecayed ? " except for a penalty" : " exactly"), the weights do not",
        conserved,
      ]
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
    // One number may be whole for other reasons, such as a slope of 0.4 over 50 examples.
    if last.columns == 1 { likelihood = min(likelihood, 0.45) }
    open.closeAll()
    let labels = [
      Finding(
        cause: .labelsMisencoded, likelihood: likelihood,
        summary: "The gradient is taken with other labels than the cost: \(detail).",
        evidence: figures,
        confirm:
          "use one and the same array of labels in the cost and in the delta, and check again")
    ]
    if let biasPenalty = biasPenalty ?? (isDecayed ? bias.relation?.slope : nil) {
      return labels + [biasFinding(biasPenalty, bias)]
    }
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

  /// Whether all are whole numbers, and more closely than chance would have it: 16 bits by their distance from
  /// the next one.
  private static func areWhole(_ counts: [Double]) -> Bool {
    let bits = counts.reduce(0) { $0 - log2(2 * max(abs($1 - $1.rounded()), 1e-9)) }
    return counts.allSatisfy { abs($0 - $0.rounded()) < 0.02 }
      && counts.contains { abs($0) > 0.5 } && bits > 16
  }

  /// m times the residual of the bias; less a penalty of the bias, where only that makes it whole.
  private static func countsOfBias(
    _ bias: PartEvidence, _ evidence: Evidence
  ) -> (slope: Double?, counts: [Double]?) {
    guard let m = evidence.exampleCount.map(Double.init) else { return (nil, nil) }
    let plain = bias.difference.map { $0 * m }
    guard !areWhole(plain), let theta = bias.parameters, let penalty = evidence.penalty,
      penalty > 0,
      theta.contains(where: { abs($0) > 1e-3 })
    else { return (nil, plain) }
    for slope in [penalty, penalty * m] {
      let counts = zip(bias.difference, theta).map { m * ($0 - slope * $1) }
      if areWhole(counts) { return (slope, counts) }
    }
    return (nil, plain)
  }

  private static func biasFinding(_ slope: Double, _ bias: PartEvidence) -> Finding {
    Finding(
      cause: .biasRegularized, likelihood: 0.94,
      summary: "The gradient penalises the biases besides, the cost does not.",
      evidence: [
        "\(bias.title): less \(figure(slope)) · θ, m times a − n is a whole number in every entry"
      ], confirm: "leave the biases out of λ/m · θ in the gradient, and check again")
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
