import TrackerGradientCheck

/// The training does not get better than guessing, or than it was.
enum NotLearning: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let course = training.course
    var measure: [String] = []
    let summary: String
    var likelihood = training.condition.badness
    switch training.condition.symptom {
    case .atChance:
      let classes = training.condition.chanceClasses ?? 2
      summary =
        "The network guesses: its loss and its accuracy are those of answering \(classes) classes by their shares."
      measure.append(
        "chance is an accuracy of about \(percent(1 / Double(classes))) among \(classes) classes")
    case .aboveGuess:
      guard let guess = course.guess else { return [] }
      summary = "The network is no better than a guess that knows nothing of the inputs."
      measure.append("guessing gets a loss of \(figure(guess.loss)) (\(guess.reason))")
    case .fellLittle:
      summary =
        "Next to nothing was learnt: the loss fell by \(percent(max(0, course.fall))) in \(course.count) points."
        + (course.accuracy == nil
          ? " If the training began with trained weights, or the loss cannot be much lower, that may be right."
          : "")
      if course.accuracy == nil { likelihood = min(likelihood, 0.45) }
    case .stuck:
      likelihood = 0.45
      summary =
        "The training is stuck: far from right on its own examples, and no better for a third of the time. If the classes "
        + "overlap, or labels are noisy, that may be the best there is."
    case .weak:
      // Weak alone is not a finding; causes in the parameters may explain it.
      return []
    default: return []
    }
    return [
      training.finding(
        .notLearning, likelihood, summary, course.figures + measure,
        Change(
          "train on ten examples until they are right: if that fails, the fault is in the network, the loss or the data",
          keras:
            "model.fit(x[:10], y[:10], epochs=200): if the loss does not go to 0, the fault is in the network, the loss or the data",
          pytorch:
            "train on one batch of ten examples for 200 steps: if the loss does not go to 0, the fault is in the network, the loss or the data",
          tracker: "--optimizer lbfgs --scale unit --init-range glorot"))
    ]
  }
}
