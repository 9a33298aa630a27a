/// Everything differs, and no equation fits: what the two gradients have in common is all that is left to say.
///
/// These are guesses from the factor c of each part's a on its n, and are given the likelihood of a guess, less than a
/// half: another delta, other weights of the examples or a part of them can make the same factors. With a delta and a backward pass that are right:
///
/// - two batches added up make c about 2 in every layer, one gradient being like the other;
/// - a gradient that is taken after the update is that of a point further down: a ≈ n − η H n, so that c is below
///   1 in every part and a − n points against n, while a and n are nearly parallel (cosine above 0.97);
/// - inputs that were scaled or normalised between the two change the first layer's weights by a factor of their own,
///   while its bias and all above stay alike (c within 0.5 … 2).
enum AlikeGradients: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !evidence.hasNonFinite, !evidence.layers.isEmpty,
      evidence.layers.allSatisfy({ open.contains($0, .weights) && $0.rearrangement == nil }),
      evidence.layers.allSatisfy({ $0.bias.map { $0.status != .agrees } ?? true })
    else { return [] }
    let slopes = PartSlopes(evidence)
    guard !slopes.weights.isEmpty else { return [] }
    let found =
      accumulated(slopes) ?? updated(slopes, evidence) ?? otherInputs(slopes, evidence)
    guard let found else { return [] }
    open.closeAll()
    return [found]
  }

  private static func accumulated(_ slopes: PartSlopes) -> Finding? {
    let factors = slopes.weights.map(\.factor)
    // One block is no pattern.
    guard factors.count > 1, factors.allSatisfy({ $0 > 1.5 && $0 < 2.6 }), slopes.leastCosine > 0.85
    else {
      return nil
    }
    return Finding(
      cause: .gradientAccumulated, likelihood: 0.45,
      summary:
        "The gradient is about twice the cost's in every layer, but not exactly: it seems to hold the sum of two "
        + "batches' gradients, because it is not set to 0 in between.",
      evidence: slopes.figures,
      confirm:
        "set the gradients to 0 before each backward pass (optimizer.zero_grad(), grad[:] = 0), and check again"
    )
  }

  private static func updated(_ slopes: PartSlopes, _ evidence: Evidence) -> Finding? {
    let all = slopes.weights + slopes.biases
    let difference = zip(evidence.analytic, evidence.numerical).map { $0 - $1 }
    let against = cosine(difference, evidence.numerical)
    let isSmall =
      rootMeanSquare(difference) < (all.count > 3 ? 0.3 : 0.1) * rootMeanSquare(evidence.numerical)
    guard all.allSatisfy({ $0.factor < 1 && $0.factor > 0.5 && $0.cosine > 0.97 }), against < -0.45,
      isSmall
    else { return nil }
    return Finding(
      cause: .parametersDiffer, likelihood: 0.45,
      summary:
        "The gradient seems to be taken at other parameters than the quotients, a step further down: after the "
        + "update, or at a point that moved on.",
      evidence: [
        "a − n points against n in every part (cosine \(figure(against))), and a is nearly along n"
      ] + slopes.figures,
      confirm:
        "take the gradient and the quotients at one copy of theta, before any update, and check again"
    )
  }

  private static func otherInputs(_ slopes: PartSlopes, _ evidence: Evidence) -> Finding? {
    guard let first = slopes.weights.first, let firstBias = slopes.biases.first,
      evidence.layers.count > 1, slopes.weights.count == evidence.layers.count
    else { return nil }
    let above = slopes.weights.dropFirst() + slopes.biases.dropFirst()
    let isAlike =
      above.allSatisfy { $0.factor > 0.5 && $0.factor < 2 && $0.cosine > 0.8 }
      && firstBias.factor > 0.3 && firstBias.factor < 3 && firstBias.cosine > 0.75
    let ratio = first.factor / firstBias.factor
    guard isAlike, ratio < 0.65 || ratio > 1.6 else { return nil }
    return Finding(
      cause: .inputsDiffer, likelihood: 0.45,
      summary:
        "The gradient seems to be taken with other inputs than the cost, scaled or normalised in between: the first "
        + "layer's weights are off by another factor than its bias and all above.",
      evidence: slopes.figures,
      confirm:
        "print(X.mean(), X.std()) in the cost and in the gradient: they must be the same numbers; normalise a copy, "
        + "not X in place")
  }
}
