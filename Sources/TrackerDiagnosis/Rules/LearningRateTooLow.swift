import TrackerGradientCheck

/// Steps so short that nothing is reached in the time given.
enum LearningRateTooLow: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let settings = training.settings
    let course = training.course
    let symptom = training.condition.symptom
    var change: Change {
      Change(
        "ten times the learning rate", keras: "optimizer with ten times learning_rate",
        pytorch: "ten times lr",
        scikitLearn: "learning_rate_init with ten times the rate",
        tracker: settings.learningRate.map { "--learning-rate \(figure($0 * 10))" }
          ?? "--optimizer lbfgs")
    }
    let isSlow =
      [.fellLittle, .atChance, .aboveGuess].contains(symptom) && !training.passesNothing
      && training.drowningSpread == nil
    let ratio = training.layers.compactMap(\.updateRatio.last).filter(\.isFinite).max()
    if let rate = settings.learningRate, let range = LearningRateRange(settings),
      rate < range.least,
      isSlow || Unfinished(course) != nil
    {
      return [
        training.finding(
          .learningRateTooLow, 0.9,
          "The learning rate \(figure(rate)) is small for \(settings.optimizer ?? "this optimiser"): the loss still falls, slowly.",
          ["usual is at least \(figure(range.least))"] + course.figures, change)
      ]
    }
    if isSlow, let ratio, ratio < 3e-4, ratio > 0 {
      return [
        training.explanation(
          .learningRateTooLow, 0.85,
          "A step changes weights by \(figure(ratio)) of their length at most: a thousandth is usual.",
          course.figures, change)
      ]
    }
    if isSlow, course.smoothness > 0.8, course.fall > 0 {
      return [
        training.explanation(
          .learningRateTooLow, 0.5,
          "The loss falls evenly and hardly at all, as with steps that are too short.",
          ["it fell in \(percent(course.smoothness)) of the steps"] + course.figures, change)
      ]
    }
    guard let unfinished = Unfinished(course), course.count > 20 else { return [] }
    return [
      training.finding(
        .learningRateTooLow, unfinished.likelihood,
        "The loss still falls as it ends: \(unfinished.figure). Longer steps or more of them would go on.",
        course.figures, change)
    ]
  }
}

/// A training that ends while it still gets much better.
struct Unfinished {
  let likelihood: Double
  let figure: String

  init?(_ course: Course) {
    guard course.count >= 5, course.firstNotFinite == nil, course.evidence.games.isEmpty,
      course.last > 0,
      course.score.map({ $0 < 0.7 }) ?? true,
      course.lateFall > 0.1, course.lateShare > 0.02,
      course.lossOverGuess.map({ $0 > 0.5 }) ?? true
    else { return nil }
    if let held = course.heldOut, held.share < 0.8, held.last > 1.02 * held.lowest { return nil }
    // A loss that goes to 0 falls by the same share for ever.
    guard course.lateShare > 0.08 || course.last > 30 else { return nil }
    let tail = course.losses.suffix(max(3, course.losses.count / 5))
    let falls = Double(zip(tail, tail.dropFirst()).count { $1 < $0 }) / Double(tail.count - 1)
    guard falls > 0.55 else { return nil }
    likelihood = falls > 0.9 ? 0.6 : 0.45
    figure = "in its last fifth it fell by \(percent(course.lateFall)) of what is left"
  }
}
