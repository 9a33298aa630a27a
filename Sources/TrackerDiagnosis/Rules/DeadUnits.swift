import TrackerGradientCheck

/// Units that are 0 for every input learn no more.
enum DeadUnits: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let shares = training.layers.compactMap { layer -> (String, Double)? in
      (layer.dead.last ?? layer.zero.last.flatMap { $0 > 0.95 ? $0 : nil }).map { (layer.name, $0) }
    }
    guard let worst = shares.max(by: { $0.1 < $1.1 }), worst.1 > 0.6,
      training.condition.symptom != .notFinite
    else { return [] }
    return [
      training.explanation(
        .deadUnits, 0.8,
        "\(percent(worst.1)) of the units of \(worst.0) are 0 for every input: no gradient passes them, and they stay so.",
        training.course.figures,
        Change(
          "a smaller learning rate, scaled inputs, or leaky ReLU",
          keras: "LeakyReLU(), kernel_initializer=\"he_normal\", a tenth of learning_rate",
          pytorch: "nn.LeakyReLU(), kaiming_normal_, a tenth of lr",
          tracker: "--scale unit --init-range he"))
    ]
  }
}
