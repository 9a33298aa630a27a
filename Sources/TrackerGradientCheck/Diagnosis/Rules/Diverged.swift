/// The cost is not finite, or much larger than it was.
enum Diverged: TrainingRule {
  static func findings(_ input: DiagnosisInput) -> [Finding] {
    guard let cost = input.curves?.cost, let first = cost.first, cost.count > 1 else { return [] }
    let infinite = cost.firstIndex { !$0.isFinite }
    let last = cost.last ?? first
    let lowest = cost.filter(\.isFinite).min() ?? first
    let grew = last > 3 * max(first, lowest) && last > lowest + 1e-6
    guard infinite != nil || grew else { return [] }
    var figures = [
      "cost \(figure(first)) at the start, \(figure(last)) at the end, lowest \(figure(lowest))"
    ]
    infinite.map { figures.append("not finite from epoch \($0) on") }
    if let norms = input.curves?.gradientNorm, let a = norms.first, let b = norms.last {
      figures.append("gradient norm \(figure(a)) at the start, \(figure(b)) at the end")
    }
    return [
      Finding(
        cause: .diverged, likelihood: 0.95,
        summary: infinite == nil
          ? "The training diverged: the cost grew. The steps are too long."
          : "The training diverged: the cost is not finite any more.",
        evidence: figures,
        confirm: "\(input.command) --learning-rate with a tenth of the rate, or --optimizer lbfgs")
    ]
  }
}
