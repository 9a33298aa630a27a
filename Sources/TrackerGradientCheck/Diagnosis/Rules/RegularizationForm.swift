/// The difference is a function of θ alone, but no multiple of it, such as the derivative of |θ|.
enum RegularizationForm: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    let constants = ValueOfPenalty.findings(evidence, &open)
    return constants + otherForm(evidence, &open)
  }

  private static func otherForm(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    let candidates = evidence.layers.filter { layer in
      open.contains(layer, .weights) && layer.weights.status == .unexplained
        && layer.rearrangement == nil
        && layer.bias.map { !open.contains(layer, .bias) && $0.status == .agrees } ?? true
    }
    // What is plain in one layer needs less to be believed of another.
    let isPlain = candidates.contains { layer in
      layer.weights.difference.count >= 16 && roughness(layer.weights).map { $0 < 0.25 } ?? false
    }
    let layers = candidates.filter { roughness($0.weights).map { isPlain && $0 < 0.6 } ?? false }
    guard !layers.isEmpty else { return inEveryLayer(candidates, evidence, &open) }
    for layer in layers { open.close(layer, .weights) }
    return [
      Finding(
        cause: .regularizationForm, likelihood: 0.9,
        summary:
          "The gradient of \(list(layers.map(\.name))) holds the derivative of another penalty "
          + "than the cost's: a − n is a function of θ alone, but no multiple of it.",
        evidence: layers.map { layer in
          "\(layer.name)'s weights: in the order of θ, neighbouring differences vary by "
            + "\(percent(roughness(layer.weights) ?? 1)) of what unrelated ones would"
        },
        confirm:
          "compare the penalty in the cost with the one whose derivative is taken (θ², |θ|, …)")
    ]
  }

  /// Every layer's weights differ, in no known way, and no bias does: nothing but a penalty tells them
  /// apart everywhere.
  private static func inEveryLayer(
    _ candidates: [LayerEvidence], _ evidence: Evidence, _ open: inout OpenParts
  ) -> [Finding] {
    guard candidates.count == evidence.layers.count, candidates.count > 1,
      candidates.allSatisfy({ $0.bias != nil && $0.parameters != nil })
    else { return [] }
    for layer in candidates { open.close(layer, .weights) }
    return [
      Finding(
        cause: .regularizationForm,
        likelihood: evidence.input.lambda.map { $0 > 0 } ?? false ? 0.75 : 0.45,
        summary:
          "The gradient holds the derivative of another penalty than the cost's, or of other "
          + "weights: every layer's weights differ, and no bias does.",
        evidence: candidates.map { layer in
          "\(layer.name): weights differ by \(figure(rootMeanSquare(layer.weights.difference))) (rms), "
            + "biases agree"
        },
        confirm: "take the penalty out of the cost and the gradient: then all should agree")
    ]
  }

  /// J. von Neumann's ratio, half the mean square of successive differences over the variance, in the
  /// order of θ: 1 for values that θ says nothing of, near 0 for a function of it.
  private static func roughness(_ part: PartEvidence) -> Double? {
    guard let theta = part.parameters, theta.count >= 8 else { return nil }
    let ordered = theta.indices.sorted { theta[$0] < theta[$1] }.map { part.difference[$0] }
    let mean = ordered.reduce(0, +) / Double(ordered.count)
    let line = LeastSquares(
      ordered.map { $0 - mean }, on: [theta.sorted(), theta.map { _ in 1 }])
    // What merely grows with θ, among other things, is not a function of it: less its line it has no order.
    guard let own = ratio(ordered), let beside = line.flatMap({ ratio($0.residual) }) else {
      return nil
    }
    // The ratio of values without order is 1 ± 1/√N.
    return beside < 1 - 1.3 / Double(ordered.count).squareRoot() ? own : max(own, beside)
  }

  private static func ratio(_ ordered: [Double]) -> Double? {
    let mean = ordered.reduce(0, +) / Double(ordered.count)
    let variance = ordered.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let steps = zip(ordered, ordered.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
    return variance > 0 ? steps / 2 / variance : nil
  }
}

/// One constant is added to every weight's derivative, as where the penalty's value, λ/2m Σ θ², stands for its
/// derivative.
///
/// Equation: a = c n + s θ + k for all weights of a layer, with c 1 or m and one k; s and k are fitted. It is asked of
/// eight entries or more, within the tolerance, with twenty bits, and k must be there: without it the same fit must
/// be a thousand times worse.
private enum ValueOfPenalty {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !evidence.hasNonFinite else { return [] }
    var figures: [String] = []
    var names: [String] = []
    var isSummed = false
    for layer in evidence.layers where open.contains(layer, .weights) {
      let part = layer.weights
      guard part.status == .unexplained, part.analytic.count >= 8 else { continue }
      let m = evidence.exampleCount.map(Double.init) ?? 1
      for factor in m > 1 ? [1, m] : [1] {
        guard let found = Constant(part, factor: factor, evidence) else { continue }
        names.append(layer.name)
        isSummed = isSummed || factor != 1
        figures.append(
          "\(part.title): a − \(factor == 1 ? "" : "m · ")n is one constant, \(figure(found.value)), beside "
            + "\(figure(found.slope)) · θ, to \(figure(found.match.rest)) (rms)"
            + (part.parameters.map { ", where Σ θ² is \(figure(dot($0, $0)))" } ?? ""))
        open.close(layer, .weights)
        break
      }
    }
    guard !names.isEmpty else { return [] }
    let form = Finding(
      cause: .regularizationForm, likelihood: 0.95,
      summary:
        "One and the same number is added to every derivative in \(list(names)): the penalty's value, Σ θ², where its "
        + "derivative, a multiple of θ, belongs.",
      evidence: figures,
      confirm: "add λ/m · θ to the weights' derivatives, entry by entry, and check again")
    guard isSummed else { return [form] }
    return [
      form,
      Finding(
        cause: .missingMean, likelihood: 0.94,
        summary:
          "The data's part of \(list(names)) is a sum over the examples besides: 1/m is missing.",
        evidence: figures, confirm: "divide the data's part by m, and check again"),
    ]
  }

  private struct Constant {
    let slope: Double
    let value: Double
    let match: Match

    init?(_ part: PartEvidence, factor: Double, _ evidence: Evidence) {
      let rest = zip(part.analytic, part.numerical).map { $0 - factor * $1 }
      let ones = rest.map { _ in 1.0 }
      let slopes = part.parameters.map { [$0] } ?? []
      guard let fit = LeastSquares(rest, on: slopes + [ones]) else { return nil }
      let without = slopes.isEmpty ? rest : LeastSquares(rest, on: slopes)?.residual ?? rest
      match = Match(
        part.analytic, zip(part.analytic, fit.residual).map { $0 - $1 }, instead: part.numerical,
        freeNumbers: slopes.count + 1, check: evidence.check)
      guard match.holds, rootMeanSquare(without) > 1000 * max(match.rest, 1e-9) else { return nil }
      value = fit.coefficients[slopes.count]
      slope = slopes.isEmpty ? 0 : fit.coefficients[0]
    }
  }
}
