/// The layers above agree, this one does not: its delta is wrong, and no equation says how.
///
/// This says where the error begins and no more. It is asked that the layer above be right, that most of this
/// layer's entries be wrong, and that its bias, if it has one, be wrong too: with a right bias the delta is right.
/// The spread of the ratios unit by unit is shown, for what it is worth.
enum HiddenDeltaWrong: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !evidence.hasNonFinite, evidence.layers.count > 1,
      let layer = evidence.layers.last(where: { open.contains($0, .weights) })
    else { return [] }
    let mark = NormalizationMark(layer, evidence)
    // Above the last layer there is at most a normalisation that could be wrong.
    let isLast = layer.number + 1 == evidence.layers.count
    guard
      isLast
        ? mark != nil
        : evidence.layers.dropFirst(layer.number + 1).contains(where: \.isInformative),
      layer.bias.map({ $0.status != .agrees }) ?? true
    else { return [] }
    let below = evidence.layers.prefix(layer.number)
    // A wrong delta goes on to what is below.
    guard !below.contains(where: \.isInformative) || below.contains(where: { open.contains($0) })
    else { return [] }
    let failed = layer.parts.reduce(0) { $0 + $1.failedShare * Double($1.difference.count) }
    guard failed > 0.25 * Double(layer.analytic.count) else { return [] }
    // Without a bias and without another layer below, the layer's inputs may as well be wrong, or one of its uses be
    // left out.
    let isDelta = layer.bias != nil || below.contains { open.contains($0) }
    for below in evidence.layers where below.number <= layer.number { open.close(below) }
    if let mark {
      return [
        Finding(
          cause: .normalizationBackward, likelihood: 0.85,
          summary:
            "The delta of \(layer.name) is wrong\(isLast ? "" : ", all above is right"), and a normalisation follows it (batch, "
            + "layer or weight norm): its backward pass does not take the derivatives of mean and variance along.",
          evidence: [
            mark.figure
          ]
            + (isLast
              ? [] : ["\(list(evidence.layers.dropFirst(layer.number + 1).map(\.name))) agree"]),
          confirm:
            "subtract from the normalised delta its mean and x_hat times the mean of delta * x_hat, then divide "
            + "by the standard deviation; check again")
      ]
    }
    let fit = RatioFit(layer, evidence, along: .columns)
    let above = evidence.layers[layer.number + 1]
    var figures = [
      "\(list(evidence.layers.dropFirst(layer.number + 1).map(\.name))) agree or are explained otherwise; "
        + "\(layer.name) does not"
        + (layer.bias == nil
          ? ", and has no bias that would tell its delta from its inputs" : ", its bias neither"),
      "unit by unit, a is \(figure(fit.smallest))…\(figure(fit.largest)) times n (median "
        + "\(figure(fit.middle))), with a median R² of \(figure(fit.determination))",
    ]
    let moments = DeltaMoments(of: layer, below: above, penalty: evidence.penalty)
    if moments != nil {
      figures.append(
        "it is not a missing derivative of the activation: Σ_j W[k, j] δ[j] does not reproduce its bias"
      )
    } else if !layer.plan.feeds(above.plan) {
      figures.append(
        "\(layer.name) has \(layer.columns) units and \(above.name) \(above.plan.inputs) inputs: something stands "
          + "between them (a convolution, pooling, a recurrence, a reshape)")
    }
    return [
      Finding(
        cause: .hiddenDeltaWrong, likelihood: isDelta ? 0.85 : 0.45,
        summary: (isDelta
          ? ""
          : "Either \(layer.name) is used more than once, or meets other inputs than its forward pass, or: ")
          + "The error begins at the delta of \(layer.name): all above it is right. What can do that: weights that "
          + "were updated before the delta went back through them, another matrix or a missing transpose, the "
          + "activation's derivative at the wrong place, the backward pass of a convolution, a pooling or a "
          + "normalisation, a recurrence that is not followed back in time, a mask that is another one, or a term "
          + "of the cost that acts on these units.",
        evidence: figures,
        confirm:
          "print the error that comes back to \(layer.name), (delta @ W.T), and difference the cost with respect "
          + "to that layer's activations themselves: the first array that differs is the wrong one")
    ]
  }
}

/// What a normalisation behind a layer makes of the quotients: they cannot change the outcome by shifting a unit,
/// nor by stretching it.
struct NormalizationMark {
  let figure: String

  /// Equation: n = 0 within rounding in the bias of at least three units whose weights' n are a thousand times as
  /// large; or, without bias, Σ_i θ[i, k] n[i, k] = 0 for at least three units (to 10⁻³ of the product of the
  /// norms, ten bits a unit). Or, of a layer norm, which shifts and stretches all units of an example alike:
  /// Σ_k n[i, k] = 0 for at least three rows i (to 10⁻⁴), and Σ θ n = 0 over the layer (to 10⁻³); a softmax
  /// has the first of them alone.
  init?(_ layer: LayerEvidence, _ evidence: Evidence) {
    guard layer.columns >= 3 else { return nil }
    if let sums = RowSums(layer, evidence), sums.isConserved, let theta = layer.parameters {
      let n = zip(layer.numerical, layer.penalties(evidence.penalty)).map { $0 - $1 }
      if abs(cosine(theta, n)) < 1e-3 {
        figure =
          "the rows of \(layer.name)'s numerical derivatives sum to 0 over the units, and Σ θ n is 0 over them all, as "
          + "before a layer norm"
        return
      }
    }
    // A cost of differences between outputs has no derivative by the last bias either, nor one of their directions by
    // their length.
    guard layer.number + 1 < evidence.layers.count else { return nil }
    let weights = rootMeanSquare(layer.weights.numerical)
    if let bias = layer.bias {
      let largest = bias.numerical.reduce(0) { max($0, abs($1)) }
      guard largest < 1e-3 * weights, weights > 100 * evidence.check.tolerance.absolute else {
        return nil
      }
      figure =
        "\(bias.title): its numerical derivatives are 0 (at most \(TrackerGradientCheck.figure(largest))), as a shift "
        + "before a normalisation makes them, and \(layer.weights.title)' are not"
      return
    }
    guard let theta = layer.parameters, layer.rows >= 3 else { return nil }
    let cosines = (0..<layer.columns).map { unit in
      abs(cosine(layer.column(unit, of: theta), layer.column(unit, of: layer.numerical)))
    }
    guard cosines.allSatisfy({ $0 < 1e-3 }) else { return nil }
    figure =
      "Σ θ n is 0 for every unit of \(layer.name), as of weights that a normalisation follows"
  }
}
