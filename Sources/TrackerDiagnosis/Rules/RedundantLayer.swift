import TrackerGradientCheck

/// More layers than the data feed.
enum RedundantLayer: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let settings = training.settings
    guard let layers = settings.layerCount, layers >= 8,
      [.atChance, .aboveGuess, .fellLittle, .stuck].contains(training.condition.symptom)
    else { return [] }
    return [
      training.explanation(
        .redundantLayer, 0.4,
        "\(layers) layers without skip connections are hard to train; fewer may do.", [],
        Change("half of the layers"))
    ]
  }
}
