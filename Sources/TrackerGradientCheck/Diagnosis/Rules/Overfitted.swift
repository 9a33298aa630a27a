/// Worse and worse on the held-out part while the training part gets better.
enum Overfitted: TrainingRule {
  static func findings(_ input: DiagnosisInput) -> [Finding] {
    guard let curves = input.curves, let train = curves.trainAccuracy.last,
      let test = curves.testAccuracy.last, let held = curves.testCost.last,
      let lowest = curves.testCost.filter(\.isFinite).min(), held.isFinite
    else { return [] }
    let gap = train - test
    let best = curves.testCost.firstIndex(of: lowest) ?? 0
    let rose = held > 1.25 * lowest && best < curves.testCost.count - 1
    guard train > 0.8, gap > 0.1 || (rose && gap > 0.03) else { return [] }
    return [
      Finding(
        cause: .overfitted, likelihood: rose ? 0.88 : 0.75,
        summary: "The network is over-fitted: right on what it was trained on, and worse on what "
          + "it was not.",
        evidence: [
          "accuracy at the end: \(percent(train)) in training, \(percent(test)) held out",
          "held-out cost: \(figure(lowest)) at epoch \(best), \(figure(held)) at the end",
        ],
        confirm: "\(input.command) --patience 10, or a larger --lambda")
    ]
  }
}
