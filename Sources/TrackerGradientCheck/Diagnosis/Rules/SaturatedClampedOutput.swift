/// The cost is flat in the last layer, where the gradient says it is not: outputs that are exactly 0 or
/// 1 and are replaced, "to avoid log(0)", by a constant. Looked for before all else, because the
/// numbers then say nothing of the code.
enum SaturatedClampedOutput: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard let last = evidence.last, open.contains(last), !evidence.hasNonFinite,
      evidence.input.costForm != "stable", let pattern = FlatColumns(last, evidence)
    else { return [] }
    let share = Double(pattern.flat.count) / Double(last.columns)
    let input = evidence.input
    let hasHits = (input.clampHits ?? 0) > 0
    let isSaturated = (input.saturatedFractions.last ?? 0) > 0.3
    // Outputs near 1 lose their digits in log(1 − a) long before they are exactly 1.
    let isCancelled =
      last.isUnexplained
      && (pattern.isVacuousBelow || input.costForm == "clamped" && (hasHits || isSaturated))
    guard share >= 0.5 || isCancelled else { return [] }
    // A cost that ignores its argument is flat in the penalty too.
    guard !evidence.check.numerical.allSatisfy({ $0 == 0 }) else { return [] }
    for layer in evidence.layers
    where layer.number == last.number || pattern.isFlat(layer, evidence) || isCancelled {
      open.close(layer)
    }
    let isCertain = hasHits || (share > 0.9 && pattern.isVacuousBelow)
    return [
      Finding(
        cause: .saturatedClampedOutput,
        likelihood: isCertain ? 0.98 : share > 0.9 ? 0.9 : 0.75,
        summary: summary(last, input, isFlat: share > 0),
        evidence: figures(evidence, last, pattern) + [
          "either of two changes mends it: small initial weights of both signs (--init-range 0.12), or "
            + "the cost computed from the logits (--cost stable)"
        ],
        confirm: input.command.map { "\($0) --init-range 0.12 && \($0) --cost stable" }
          ?? "print(np.mean(a == 1)) for the outputs a; begin with small weights of both signs "
          + "(rng.uniform(-0.12, 0.12, shape)), and compute the cost from the logits (np.logaddexp(0, z) - y * z)"
      )
    ]
  }

  private static func summary(
    _ last: LayerEvidence, _ input: DiagnosisInput, isFlat: Bool
  ) -> String {
    let range = input.initialRange.map { " (here \($0))" } ?? ""
    let opening =
      "The code of \(last.name)'s gradient has no bug: the initial range\(range) and the clamp are the "
      + "bug. "
    guard isFlat else {
      return opening
        + "The outputs saturate so near 1 that log(1 − output) has lost its digits: the numerical "
        + "derivative is that of rounding. A clamp at exactly 1 does not help, it comes too late."
    }
    return opening
      + "The outputs saturate at exactly 1, and the cost replaces such an output by a constant to avoid "
      + "log(0): there it is flat, so the numerical derivative is that of the penalty alone. "
      + "Back-propagation, right for the unclamped cost, says mean(output − label) · input, about "
      + "0.9 for a class that is absent in 9 of 10 examples."
  }

  private static func figures(
    _ evidence: Evidence, _ last: LayerEvidence, _ pattern: FlatColumns
  ) -> [String] {
    let input = evidence.input
    let place = "\(last.name) (D\(last.number + 1))"
    let difference = zip(last.analytic, last.numerical).reduce(0) { max($0, abs($1.0 - $1.1)) }
    var figures = [
      pattern.flat.isEmpty
        ? "\(place) differs by up to \(figure(difference)), though no column is flat"
        : "\(place): in \(pattern.flat.count) of \(last.columns) columns the numerical derivative less "
          + "the penalty is at most \(figure(pattern.largestNumerical)), the analytic up to "
          + figure(pattern.largestAnalytic)
    ]
    for layer in evidence.layers.dropLast() where pattern.isVacuous(layer, evidence) {
      figures.append(
        "\(layer.name) (D\(layer.number + 1)) agrees vacuously: both sides are the penalty's λ/m · θ "
          + "alone, the data contribute at most \(figure(pattern.largestData(layer, evidence))), because "
          + "its units are saturated too; that it agrees proves nothing")
    }
    if !input.saturatedFractions.isEmpty {
      let shares = input.saturatedFractions.enumerated().map { index, share in
        "layer \(index + 1) \(percent(share))"
      }
      figures.append("saturated units: \(shares.joined(separator: ", "))")
    }
    if let hits = input.clampHits, hits > 0 {
      let all = input.exampleCount.map { " of \($0 * last.columns)" } ?? ""
      figures.append("the cost clamped \(hits)\(all) outputs")
    }
    figures.append(
      "TNC, BFGS and L-BFGS go astray from here, because their direction comes from a gradient that "
        + "the cost does not have: a line search finds no step that lowers a flat cost (BFGS, "
        + "L-BFGS, CG stop or crawl towards a constant prediction), or escapes by luck, a "
        + "different way each time (TNC)")
    return figures
  }
}

/// The columns of the last layer in which the cost is flat though the gradient is not.
struct FlatColumns {
  let flat: [Int]
  /// max |n less the penalty| in them.
  let largestNumerical: Double
  /// max |a less the penalty| in them.
  let largestAnalytic: Double
  /// λ/m, given or fitted to n.
  let slope: Double
  /// Whether no data reach the layers below.
  private(set) var isVacuousBelow = false

  init?(_ last: LayerEvidence, _ evidence: Evidence) {
    var slope = evidence.penalty ?? 0
    // A slope that is fitted to an entry or two explains them whatever they are, and so it does a cost of squares; but
    // biases bear no penalty, and are flat if outputs are.
    if evidence.penalty == nil, let theta = last.weights.parameters, theta.count >= 4,
      last.bias != nil,
      let fit = LeastSquares(last.weights.numerical, on: [theta]),
      fit.residualSquares < 1e-3 * dot(last.weights.numerical, last.weights.numerical)
    {
      slope = fit.coefficients[0]
    }
    let p = last.penalties(slope)
    let numerical = zip(last.numerical, p).map { $0 - $1 }
    let analytic = zip(last.analytic, p).map { $0 - $1 }
    var flat: [Int] = []
    var (largestNumerical, largestAnalytic) = (0.0, 0.0)
    for column in 0..<last.columns {
      let indices = (0..<last.rows).map { $0 * last.columns + column }
      let n = indices.map { numerical[$0] }
      let a = indices.map { analytic[$0] }
      guard Self.isFlat(n, beside: a, last),
        rootMeanSquare(a) > evidence.check.tolerance.absolute
      else { continue }
      flat.append(column)
      largestNumerical = n.reduce(largestNumerical) { max($0, abs($1)) }
      largestAnalytic = a.reduce(largestAnalytic) { max($0, abs($1)) }
    }
    self.flat = flat
    self.largestNumerical = largestNumerical
    self.largestAnalytic = largestAnalytic
    self.slope = slope
    // A gradient that is larger by a whole factor, such as m, looks flat against it; but then n is a
    // multiple of a.
    if !flat.isEmpty, abs(cosine(numerical, analytic)) > 0.9, largestNumerical > 1e-12 {
      return nil
    }
    let below = evidence.layers.dropLast()
    isVacuousBelow = !below.isEmpty && below.allSatisfy { isVacuous($0, evidence) }
  }

  /// Whether a column of quotients is nothing beside the analytic one. Without θ the penalty cannot be
  /// taken off, but the bias has none.
  private static func isFlat(_ n: [Double], beside a: [Double], _ last: LayerEvidence) -> Bool {
    guard last.parameters == nil, let bias = last.biasRow else {
      return rootMeanSquare(n) <= 1e-4 * rootMeanSquare(a)
    }
    return abs(n[bias]) <= 1e-4 * abs(a[bias]) && rootMeanSquare(n) <= 0.5 * rootMeanSquare(a)
  }

  /// The largest part of a layer's analytic derivatives that is not the penalty's.
  func largestData(_ layer: LayerEvidence, _ evidence: Evidence) -> Double {
    zip(layer.analytic, layer.penalties(slope)).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  /// Whether both sides of a layer are the penalty alone.
  func isVacuous(_ layer: LayerEvidence, _ evidence: Evidence) -> Bool {
    layer.agrees && largestData(layer, evidence) <= evidence.check.tolerance.absolute
  }

  /// Whether the quotients of a layer are the penalty alone.
  func isFlat(_ layer: LayerEvidence, _ evidence: Evidence) -> Bool {
    let data = zip(layer.numerical, layer.penalties(slope)).map { $0 - $1 }
    let claimed = zip(layer.analytic, layer.penalties(slope)).map { $0 - $1 }
    return rootMeanSquare(data) <= 1e-3 * rootMeanSquare(claimed)
  }
}
