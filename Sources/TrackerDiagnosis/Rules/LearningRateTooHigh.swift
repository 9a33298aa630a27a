import TrackerGradientCheck

/// Steps so long that they jump over what they look for.
enum LearningRateTooHigh: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let settings = training.settings
    let course = training.course
    var change: Change {
      Change(
        "a tenth of the learning rate", keras: "optimizer with a tenth of learning_rate",
        pytorch: "a tenth of lr",
        scikitLearn: "learning_rate_init with a tenth of the rate",
        tracker: settings.learningRate.map { "--learning-rate \(figure($0 / 10))" }
          ?? "--learning-rate with a tenth of the rate")
    }
    let symptom = training.condition.symptom
    let ratio = training.layers.compactMap { $0.updateRatio.first { $0 > 0 } }.filter(\.isFinite)
      .max()
    if let rate = settings.learningRate, let range = LearningRateRange(settings),
      rate > range.greatest, training.condition.badness > 0 || course.hump != nil
    {
      return [
        training.finding(
          .learningRateTooHigh, 0.88 * (course.hump == nil ? training.condition.badness : 1),
          "The learning rate \(figure(rate)) is large for \(settings.optimizer ?? "this optimiser"): steps jump over what they look for.",
          [
            "\(settings.optimizer ?? "") at \(figure(rate)); usual is at most \(figure(range.greatest))"
          ] + course.figures, change)
      ]
    }
    // A full-batch step along the gradient that is short enough lowers the loss, always.
    if settings.isFullBatch == true, ["gd", "sgd"].contains(settings.optimizer),
      (settings.momentum ?? 0) < 0.5, course.count >= 10, symptom != .notFinite,
      let start = course.losses.first, let highest = course.losses.greatest,
      course.risingShare > 0.05 || highest > 1.5 * abs(start)
    {
      let isScaled = training.drowningSpread == nil && (training.inputScale?.bound ?? 1) <= 30
      return [
        training.finding(
          .learningRateTooHigh, !training.condition.isBad ? 0.5 : isScaled ? 0.85 : 0.6,
          "The loss rises in \(percent(course.risingShare)) of the steps, which short enough steps along the gradient of all examples never do.",
          course.figures + [
            "at its first point \(figure(start)), at its highest \(figure(highest))"
          ],
          change)
      ]
    }
    if let ratio, ratio > 0.3, training.condition.isBad, symptom != .constant {
      return [
        training.explanation(
          .learningRateTooHigh, 0.7, "A step changes weights by \(percent(ratio)) of their length.",
          course.figures, change)
      ]
    }
    // What is trained on may have grown harder, or the game's stakes higher: a guess.
    if let hump = course.hump, training.evidence.games.isEmpty {
      return [
        training.finding(
          .learningRateTooHigh, 0.45,
          "The loss rose to \(figure(hump)) for a fifth of the training or more, far above its start, before it fell: the first steps "
            + "may be too long.",
          course.figures, change)
      ]
    }
    if symptom == .diverged {
      return [
        training.explanation(
          .learningRateTooHigh, 0.55, "The steps may be too long.", course.figures, change)
      ]
    }
    if symptom == .notFinite {
      return [
        training.explanation(
          .learningRateTooHigh, 0.42, "The steps may be too long.", course.figures, change)
      ]
    }
    return []
  }
}
