/// λ so large that the weights vanish.
enum Overregularized: TrainingRule {
  static func findings(_ input: DiagnosisInput) -> [Finding] {
    guard let curves = input.curves, let lambda = input.lambda, lambda > 0,
      let accuracy = curves.trainAccuracy.max(), let first = curves.penalty.first,
      let last = curves.penalty.last, let start = curves.cost.first, let end = curves.cost.last
    else { return [] }
    let weight = input.exampleCount.map { lambda / Double($0) }
    // The weights have shrunk to a fraction of what they were, and the network never learnt; a
    // training that diverged or was saturated has large ones.
    guard first > 0, last < 0.1 * first, accuracy < 0.85, end <= start,
      (curves.saturated.compactMap(\.last).max() ?? 0) < 0.5, weight.map({ $0 > 1e-2 }) ?? true
    else { return [] }
    var figures = [
      "the penalty fell from \(figure(first)) to \(figure(last)): the weights are "
        + "\(percent((last / first).squareRoot())) of what they were",
      "training accuracy at best: \(percent(accuracy))",
    ]
    if let weight { figures.append("λ/m is \(figure(weight))") }
    return [
      Finding(
        cause: .overregularized, likelihood: 0.88,
        summary:
          "λ = \(figure(lambda)) is so large that the weights vanish: the network predicts the "
          + "same for every input.",
        evidence: figures, confirm: "\(input.command) --lambda \(figure(lambda / 100))")
    ]
  }
}
