import TrackerGradientCheck

/// Gradients grow on their way back, or overflow.
enum ExplodingGradient: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let change = Change(
      "clip the gradient's norm at 1, and smaller initial weights",
      keras: "optimizer with clipnorm=1.0",
      pytorch: "torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)",
      tracker: "--optimizer lbfgs")
    let isLost = [.notFinite, .diverged].contains(training.condition.symptom)
    guard isLost else { return [] }
    let start = training.layers.compactMap(\.gradientNorm.first).filter(\.isFinite).max()
    if let start, start > 1e3 {
      return [
        training.explanation(
          .explodingGradient, 0.9,
          "The gradients are huge from the start, and the first steps overflow.",
          ["largest gradient at the start: \(figure(start))"] + training.course.figures, change)
      ]
    }
    guard training.condition.symptom == .notFinite else { return [] }
    return [
      training.explanation(
        .explodingGradient, training.knowsSettings ? 0.4 : 0.45,
        "Steps or activations that grow without bound overflow.",
        training.course.figures, change)
    ]
  }
}
