import TrackerGradientCheck
import TrackerOptimization

/// The line search found no better point, though the gradient is not small.
enum LineSearchFailed: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let evidence = training.evidence
    guard let reason = evidence.stopReason, reason == .lineSearchFailed || reason == .precisionLoss
    else { return [] }
    let norm = evidence.gradientNorm?.last ?? 0
    let largest = evidence.gradientNorm?.greatest ?? 0
    // At the bottom of a smooth loss the last digits stop any search: that is an end, not a fault.
    let isAtMinimum =
      largest > 0 && norm < 1e-3 * largest
      || (evidence.accuracy?.last ?? 0) > 0.99 && training.course.count > 10
    guard !isAtMinimum else { return [] }
    var figures =
      ["the optimiser stopped: \(evidence.ending ?? reason.sentence)"] + training.course.figures
    if evidence.gradientNorm != nil { figures.append("gradient norm \(figure(norm)) there") }
    let failed = evidence.checkFailed ?? false
    if failed { figures.append("the gradient check failed too: the direction is not the loss's") }
    return [
      training.finding(
        .lineSearchFailed, failed ? 0.85 : 0.8,
        "The line search failed: along the direction of the gradient the loss does not fall, so it is flat there (saturated and clamped) or the gradient is not its own.",
        figures,
        Change(
          "check the gradient, and begin from small random weights",
          tracker: "--check both, and \(evidence.command) --cost stable --init-range 0.12"))
    ]
  }
}
