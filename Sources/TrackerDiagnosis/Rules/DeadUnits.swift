import TrackerGradientCheck

/// Units that are 0 for every input learn no more.
enum DeadUnits: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    guard let worst = training.deadUnits, worst.share > 0.6,
      training.condition.symptom != .notFinite
    else { return [] }
    // Units that were alive at the start were killed by steps that were too long for the inputs' scale.
    let wasAlive = worst.atStart.map { $0 < 0.3 } ?? false
    let rate = training.settings.learningRate
    return [
      training.explanation(
        .deadUnits, 0.8,
        "\(percent(worst.share)) of the units of \(worst.layer) are 0 for every input: no gradient passes them, and they stay so.",
        [
          worst.atStart.map { "\(percent($0)) at the start, \(percent(worst.share)) at the end" }
            ?? ""
        ] + training.course.figures,
        Change(
          "a smaller learning rate, scaled inputs, or leaky ReLU",
          keras: "LeakyReLU(), kernel_initializer=\"he_normal\", a tenth of learning_rate",
          pytorch: "nn.LeakyReLU(), kaiming_normal_, a tenth of lr",
          tracker: wasAlive && rate != nil
            ? "--scale unit --learning-rate \(figure((rate ?? 1) / 10))"
            : "--scale unit --init-range he"))
    ]
  }
}
