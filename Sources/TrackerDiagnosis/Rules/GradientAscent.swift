import TrackerGradientCheck

/// The loss rises as evenly as it should fall: the steps go the wrong way.
enum GradientAscent: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let course = training.course
    guard training.condition.symptom == .diverged, course.smoothness < 0.1, course.losses.count >= 5
    else { return [] }
    let rate = training.settings.learningRate
    // Whether the rate is an ordinary one; nil where nobody knows.
    var usual: Bool?
    if let rate, let range = LearningRateRange(training.settings) { usual = rate <= range.greatest }
    guard usual != false else { return [] }
    return [
      training.explanation(
        .gradientAscent, usual == true ? 0.8 : 0.4,
        "The loss rises in \(percent(1 - course.smoothness)) of the steps, as evenly as it should fall: the gradient may be added, not subtracted.",
        course.figures
          + (usual == true ? ["the learning rate \(figure(rate ?? 0)) is an ordinary one"] : []),
        Change(
          "look for the sign of the loss or of the update; a gradient check tells: tracker check"))
    ]
  }
}
