import TrackerGradientCheck

/// The loss grew away.
enum Diverged: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let course = training.course
    // A loss that was finite, grew, and then was not finite has diverged as well.
    let overflowed =
      course.firstNotFinite.map {
        $0 > 1 && (course.losses.last ?? 0) > 3 * course.first
      } ?? false
    guard training.condition.symptom == .diverged || overflowed else { return [] }
    var figures = course.figures + ["lowest \(figure(course.lowest))"]
    if let norm = training.evidence.gradientNorm {
      figures.append(
        "\(norm.name): \(figure(norm.first)) at the start, \(figure(norm.last)) at the end")
    }
    return [
      training.explanation(
        .diverged, 1,
        "The training diverged: the loss grew instead of falling. The steps are too long, or go the wrong way.",
        figures,
        Change(
          "a tenth of the learning rate",
          keras: "optimizer with a tenth of learning_rate, and clipnorm=1.0",
          pytorch: "a tenth of lr, and torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)",
          scikitLearn: "learning_rate_init with a tenth of the rate",
          tracker: "--learning-rate with a tenth of the rate, or --optimizer lbfgs"))
    ]
  }
}
