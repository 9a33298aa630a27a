import TrackerValues

/// The cost is another function at each evaluation: dropout, a mini-batch or an augmentation is drawn again.
///
/// Equation: n = a + ξ/2ε, with ξ of one distribution for all parameters, whatever their layer and their
/// derivative. Costs that were evaluated at one θ show ξ at once. Without them it takes twelve entries: n must be
/// more than twice a, not along it nor along its own neighbours (within 4/√N), as large in every part as in the
/// whole (within a factor of 2, or three standard errors of a small part's size), and ξ a thousandth of J or
/// more, which neither rounding nor a derivative makes at a usual ε.
enum CostNotRepeatable: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !open.isEmpty, !evidence.hasNonFinite else { return [] }
    let check = evidence.check
    let step = check.method == .forward ? check.epsilon : 2 * check.epsilon
    let difference = zip(check.analytic, check.numerical).map { $0 - $1 }
    let size = rootMeanSquare(difference)
    if let disturbance = evidence.disturbance {
      let costs = evidence.input.costs
      open.closeAll()
      return [
        finding(
          0.98,
          [
            "\(costs.count) evaluations at one θ lie between \(figure(costs.min() ?? 0)) and "
              + "\(figure(costs.max() ?? 0)); divided by \(check.method == .forward ? "ε" : "2ε") that is "
              + figure(disturbance),
            "a − n is \(figure(size)) (rms)",
          ])
      ]
    }
    // Costs that were repeated to the last digits clear it.
    guard evidence.input.costs.count < 2, difference.count >= 12,
      size > 2 * rootMeanSquare(check.analytic)
    else { return [] }
    let change = size * step
    let scale = check.cost.map { abs($0) } ?? 1
    guard change > 1e-3 * scale, change < 10 * max(scale, 1) else { return [] }
    let limit = 4 / Double(difference.count).squareRoot()
    let neighbours = cosine(Array(difference.dropLast()), Array(difference.dropFirst()))
    guard abs(neighbours) < limit, abs(cosine(difference, check.analytic)) < limit else {
      return []
    }
    let parts = evidence.parts.filter { $0.difference.count >= 4 }
    let isEven = parts.allSatisfy { part in
      let ratio = rootMeanSquare(part.difference) / size
      let slack = max(2, 1 + 3 / (2 * Double(part.difference.count)).squareRoot())
      return ratio < slack && ratio > 1 / (slack * 1.5)
    }
    // A derivative grows with the inputs of its row; what is random does not know its row.
    let rows = evidence.layers.flatMap { layer -> [[Double]] in
      (0..<layer.rows).map { row -> [Double] in
        zip(layer.row(row, of: layer.analytic), layer.row(row, of: layer.numerical)).map { $0 - $1 }
      }
    }.filter { $0.count >= 4 }.map(rootMeanSquare)
    let isEvenByRow = (rows.max() ?? 0) <= 6 * (rows.min() ?? 0)
    guard isEven, isEvenByRow, median(difference.map(abs)) > 0.15 * size else { return [] }
    open.closeAll()
    return [
      finding(
        0.9,
        [
          "a − n is \(figure(size)) (rms) in every layer, of both signs at random, where a is "
            + figure(rootMeanSquare(check.analytic)),
          "that is a change of J by \(figure(change)) between two evaluations"
            + (check.cost.map { ", where J is \(figure($0))" } ?? ""),
        ])
    ]
  }

  private static func finding(_ likelihood: Double, _ figures: [String]) -> Finding {
    Finding(
      cause: .costNotRepeatable, likelihood: likelihood,
      summary:
        "The cost is not the same function twice: something random (dropout, a mini-batch, an "
        + "augmentation) is drawn at each evaluation. The gradient may be right.",
      evidence: figures,
      confirm:
        "print(cost(theta), cost(theta)): both must be one number; switch dropout off or set the seed "
        + "before each evaluation")
  }
}
