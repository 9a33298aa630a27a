import TrackerGradientCheck

/// The first layers get next to no gradient.
enum VanishingGradient: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let settings = training.settings
    let change = Change(
      "ReLU or batch normalisation in the hidden layers, fewer layers, or skip connections",
      keras: "activation=\"relu\" with kernel_initializer=\"he_normal\", or BatchNormalization()",
      pytorch: "nn.ReLU with kaiming_normal_, or nn.BatchNorm1d",
      tracker: "--activation relu --init-range he")
    if let share = training.firstGradientShare, share < 1e-3, training.layers.count >= 4,
      !training.hasZeroGradients.end, training.condition.symptom != .notFinite,
      !(training.inputScale.map { $0.bound > 100 } ?? false)
    {
      return [
        training.finding(
          .vanishingGradient, training.condition.isBad ? 0.92 : 0.5,
          "The gradient vanishes on its way back: the first layer gets \(figure(share)) of the largest.",
          training.course.figures, change)
      ]
    }
    let squashing = settings.hiddenActivations.filter {
      ["sigmoid", "tanh", "hardsigmoid", "softsign"].contains($0)
    }
    if squashing.count >= 4,
      [.atChance, .aboveGuess, .fellLittle, .constant].contains(training.condition.symptom)
    {
      return [
        training.explanation(
          .vanishingGradient, squashing.first == "sigmoid" ? 0.9 : 0.6,
          "\(squashing.count) layers of \(squashing[0]): each takes at least three quarters of the gradient that passes it.",
          ["hidden activations: \(list(Array(settings.hiddenActivations.prefix(3)))) …"]
            + training.course.figures, change)
      ]
    }
    // At chance, and no trend at all in what comes: no signal reaches the weights.
    guard !training.knowsSettings, training.condition.symptom == .atChance,
      (0.25...0.75).contains(training.course.smoothness)
    else { return [] }
    return [
      training.explanation(
        .vanishingGradient, 0.45,
        "The loss wavers around the level of guessing without a trend: perhaps no gradient reaches the first layers.",
        training.course.figures, change)
    ]
  }
}
