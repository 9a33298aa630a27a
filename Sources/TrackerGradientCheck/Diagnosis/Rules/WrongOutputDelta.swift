/// The last delta is wrong, and not by its labels, a sign or a factor: it belongs to another cost or to
/// another output activation.
enum WrongOutputDelta: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard let last = evidence.last, open.contains(last, .bias), open.contains(last, .weights),
      last.bias?.status == .unexplained || last.weights.status == .unexplained,
      evidence.layers.allSatisfy({ open.contains($0) }), !evidence.hasNonFinite
    else { return [] }
    let fit = RatioFit(last, evidence, along: .columns)
    // Much the same gradient, by factors about 1, is that of other examples or of other parameters.
    let isAlike = fit.determination > 0.5 && fit.middle > 0.7 && fit.middle < 1.4
    guard fit.determination > 0.3, !isAlike else { return [] }
    open.closeAll()
    let isSquaredError = fit.positiveShare > 0.99 && fit.middle < 0.7
    return [
      Finding(
        cause: .wrongOutputDelta, likelihood: isSquaredError ? 0.85 : 0.6,
        summary: isSquaredError
          ? "The output's delta is that of another cost: it is too small by a factor like a(1 − a) ≤ ¼, "
            + "as of a squared error, where the cost is a cross-entropy."
          : "The output's delta is that of another cost, or of another output activation.",
        evidence: [
          "every layer differs, \(last.bias?.title ?? last.name) too",
          "output by output, a is \(figure(fit.smallest))…\(figure(fit.largest)) times n (median "
            + "\(figure(fit.middle))), with a median R² of \(figure(fit.determination))",
        ],
        confirm:
          "derive the delta from the cost that is computed: output − label for a cross-entropy "
          + "with logistic or softmax outputs")
    ]
  }
}
