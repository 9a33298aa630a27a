import TrackerValues

/// The last delta is wrong, and not by its labels, a sign or a factor: it belongs to another cost or to
/// another output activation.
///
/// Two equations say so. Behind a softmax, and in a hinge over classes, the true delta sums to 0 over the outputs of
/// every example, so that every row of the last layer's n does, less the penalty's part; no other labels,
/// examples, inputs or parameters can change that in a. Where it holds for n (to 10⁻⁴) and fails for a (by a
/// hundredth), the delta is wrong; the degrees of freedom are the rows, at least three, less one for the penalty.
///
/// Without softmax: a delta with a factor like σ′ too many or too few makes all layers' weights shrink or grow by
/// much the same factor, for every weight below hangs on the one delta: at most 0.3 (σ′ ≤ ¼) or at least 3.3. It
/// is asked of every layer's weights, three entries or more each, alike within a factor of 2 and with a cosine
/// above 0.75; other examples and parameters leave that factor near 1.
enum WrongOutputDelta: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard let last = evidence.last, open.contains(last, .weights), !evidence.hasNonFinite,
      last.weights.status == .unexplained, last.rearrangement == nil,
      last.bias.map({ open.contains(last, .bias) || $0.status == .agrees }) ?? true
    else { return [] }
    if let sums = RowSums(last, evidence), sums.isBroken,
      // What a normalisation makes of the rows is not the outputs' doing.
      NormalizationMark(last, evidence) == nil
    {
      open.closeAll()
      // What breaks them by little may be noise on a.
      let likelihood = sums.isFarBroken ? 0.93 : 0.45
      let isGate = evidence.layers.contains { $0.agrees && $0.isInformative }
      return [
        finding(
          likelihood, "", isGate: isGate,
          [
            "every row of \(last.name)'s numerical derivatives sums to 0 over the outputs, as of a softmax (or a hinge) "
              + "(\(figure(sums.numerical)) rms)",
            "the analytic ones sum to \(figure(sums.analytic)): no other labels or examples do that",
          ],
          confirm:
            "the delta of softmax and cross-entropy is p - y, whole; p * (1 - p) is but the diagonal of softmax's "
            + "derivative: multiply by the whole matrix, diag(p) - p pᵀ")
      ]
    }
    guard evidence.layers.allSatisfy({ open.contains($0, .weights) }) else { return [] }
    let slopes = PartSlopes(evidence)
    // A single layer has nothing below it that would confirm the factor.
    let least = slopes.weights.count > 1 ? 0.75 : 0.95
    guard let middle = slopes.alike, slopes.leastCosine > least,
      slopes.weights.count > 1 || slopes.biases.allSatisfy({ $0.cosine > least })
    else { return [] }
    let (isSmall, isLarge) = (middle > 0 && middle < 0.3, middle > 3.3 && middle < 100)
    guard isSmall || isLarge else { return [] }
    open.closeAll()
    return [
      finding(
        0.75,
        isSmall
          ? ": it is too small by a factor like a(1 − a) ≤ ¼, as the delta of a squared error where the cost is a "
            + "cross-entropy."
          : ": it is too large, as without the output's derivative a(1 − a) ≤ ¼: the delta of a cross-entropy "
            + "where the cost is a squared error.",
        slopes.figures,
        confirm:
          "derive the delta from the cost that is computed: a - y for a cross-entropy with sigmoid or softmax "
          + "outputs, (a - y) * a * (1 - a) for a squared error of sigmoid outputs")
    ]
  }

  private static func finding(
    _ likelihood: Double, _ how: String, isGate: Bool = false, _ figures: [String], confirm: String
  ) -> Finding {
    // Other layers have right derivatives, which come from the output's delta.
    if isGate {
      return Finding(
        cause: .hiddenDeltaWrong, likelihood: likelihood,
        summary:
          "The error begins behind a softmax that is not the output's, such as a gate's or an attention's: its backward "
          + "pass is wrong, for other layers agree.", evidence: figures, confirm: confirm)
    }
    return Finding(
      cause: .wrongOutputDelta, likelihood: likelihood,
      summary: "The output's delta is that of another cost, or of another output activation"
        + (how.isEmpty ? "." : how), evidence: figures, confirm: confirm)
  }
}

/// The sums over the outputs of the rows of the last layer's weights, less the penalty's part.
struct RowSums {
  /// Of the numerical derivatives, and the analytic ones, root mean square.
  let numerical: Double
  let analytic: Double
  private let size: Double

  /// Whether n's rows sum to 0.
  var isConserved: Bool { numerical < 1e-4 * size }
  /// Whether a's do not, though n's do.
  var isBroken: Bool { isConserved && analytic > 1e-2 * size }

  /// Whether they do not by far.
  var isFarBroken: Bool { isBroken && analytic > 0.3 * size }

  /// `nil` of one output, or of fewer than three rows.
  init?(_ last: LayerEvidence, _ evidence: Evidence) {
    guard last.columns > 1, last.plan.inputs >= 3 else { return nil }
    let rows = (0..<last.rows).filter { $0 != last.biasRow }
    func sums(_ matrix: [Double]) -> [Double] {
      rows.map { last.row($0, of: matrix).reduce(0, +) }
    }
    func rest(_ matrix: [Double]) -> Double {
      let all = sums(matrix)
      guard let theta = last.parameters, rows.count >= 4,
        let fit = LeastSquares(all, on: [sums(theta)])
      else { return rootMeanSquare(all) }
      return rootMeanSquare(fit.residual)
    }
    numerical = rest(last.numerical)
    analytic = rest(last.analytic)
    size = rootMeanSquare(last.weights.numerical)
  }
}

/// The factor of the data's part of each part's a on its n, and how far it holds.
struct PartSlopes {
  struct Slope {
    let part: PartEvidence
    let factor: Double
    let cosine: Double
  }

  /// Of each layer's weights of three entries or more, and of the biases.
  let weights: [Slope]
  let biases: [Slope]
  /// The least cosine of the weights.
  var leastCosine: Double { weights.map(\.cosine).min() ?? 0 }

  init(_ evidence: Evidence) {
    func slope(_ part: PartEvidence) -> Slope? {
      guard part.analytic.count >= 3 || part.part == .bias else { return nil }
      let penalty = part.part == .bias ? 0 : evidence.penalty ?? 0
      let theta = part.parameters ?? part.analytic.map { _ in 0 }
      let a = zip(part.analytic, theta).map { $0 - penalty * $1 }
      let n = zip(part.numerical, theta).map { $0 - penalty * $1 }
      let squares = dot(n, n)
      guard squares > 0 else { return nil }
      return Slope(
        part: part, factor: dot(a, n) / squares, cosine: TrackerGradientCheck.cosine(a, n))
    }
    weights = evidence.layers.compactMap { slope($0.weights) }
    biases = evidence.layers.compactMap { $0.bias.flatMap(slope) }
  }

  /// The median factor of the weights, if all are within a factor of 2 of each other.
  var alike: Double? {
    let factors = weights.map(\.factor)
    guard let least = factors.min(), let most = factors.max(), least > 0, most < 2 * least else {
      return nil
    }
    return median(factors)
  }

  /// What was measured.
  var figures: [String] {
    (weights + biases).map {
      "\($0.part.title): a is \(figure($0.factor)) times n on the whole, with a cosine of \(figure($0.cosine))"
    }
  }
}
