/// The line search found no better point, though the gradient is not small.
enum LineSearchFailed: TrainingRule {
  static func findings(_ input: DiagnosisInput) -> [Finding] {
    guard let reason = input.stopReason?.lowercased(),
      reason.contains("linesearch") || reason.contains("line search")
        || reason.contains("line-search") || reason.contains("precision")
        || reason.contains("abnormal")
    else { return [] }
    let curves = input.curves ?? TrainingCurves()
    let norm = curves.gradientNorm.last ?? 0
    let largest = curves.gradientNorm.max() ?? 0
    // At the bottom of a smooth cost the last digits stop any search: that is an end, not a fault.
    let isAtMinimum =
      largest > 0 && norm < 1e-3 * largest
      || (curves.trainAccuracy.last ?? 0) > 0.99 && curves.cost.count > 10
    guard !isAtMinimum else { return [] }
    var figures = ["the optimiser stopped: \(input.stopReason ?? "")"]
    if let first = curves.cost.first, let last = curves.cost.last {
      figures.append(
        "cost \(figure(first)) at the start, \(figure(last)) after \(curves.cost.count - 1) epochs")
    }
    if !curves.gradientNorm.isEmpty { figures.append("gradient norm \(figure(norm)) there") }
    let check = input.check.map { !$0.passed } ?? false
    if check { figures.append("the gradient check failed too: the direction is not the cost's") }
    return [
      Finding(
        cause: .lineSearchFailed, likelihood: check ? 0.85 : 0.8,
        summary:
          "The line search failed: along the direction of the gradient the cost does not fall, so "
          + "it is flat there (saturated and clamped) or the gradient is not its own.",
        evidence: figures,
        confirm:
          "\(input.command) --check both, and \(input.command) --cost stable --init-range 0.12")
    ]
  }
}
