import TrackerGradientCheck

/// So few units that the answer cannot be expressed.
enum NetworkTooSmall: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let settings = training.settings
    guard let least = settings.hiddenUnits.min(), least < max(3, (settings.classes ?? 2) / 2),
      [.stuck, .weak, .aboveGuess, .atChance].contains(training.condition.symptom)
    else { return [] }
    return [
      training.explanation(
        .networkTooSmall, 0.55,
        "A hidden layer of \(least) units is too narrow for what has to pass it.",
        training.course.figures,
        Change("ten times as many hidden units", tracker: "--hidden \(least * 10)"))
    ]
  }
}
