import TrackerGradientCheck

/// Inputs far from unit scale.
enum InputsNotScaled: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let change = Change(
      "inputs with mean 0 and deviation 1, feature by feature",
      keras: "keras.layers.Normalization() adapted to the training inputs, or x / 255 for pixels",
      pytorch: "(x - mean) / std, feature by feature; transforms.Normalize for pictures",
      scikitLearn: "make_pipeline(StandardScaler(), …)", tracker: "--scale standard")
    if let spread = training.drowningSpread {
      return [
        training.explanation(
          .inputsNotScaled, training.condition.symptom == .weak ? 1.4 : 0.9,
          "One feature is so much wider than the others that it drowns them.",
          ["the widest feature has \(figure(spread)) times the deviation of most"]
            + training.course.figures, change)
      ]
    }
    if let scale = training.inputScale, scale.bound > 10 {
      // Inputs of 10 make steps of the first layer 100 times as long: ReLUs die of them.
      let isDead = training.deadUnits.map { $0.share > 0.6 && ($0.atStart ?? 0) < 0.3 } ?? false
      let likelihood = scale.bound > 100 ? 0.87 : scale.bound > 30 ? 0.8 : isDead ? 0.75 : 0.45
      // Scales explain what is slow or saturated, not a loss without a number.
      let weight = training.condition.symptom == .weak ? 1.4 : 1
      return [
        training.explanation(
          .inputsNotScaled, likelihood * weight,
          "The inputs are far from unit scale: the first layer saturates, or one feature drowns the others.",
          [scale.figure] + training.course.figures, change)
      ]
    }
    guard !training.knowsSettings else { return [] }
    let course = training.course
    let isMany = (course.accuracy ?? 1) < 0.3
    let isShares =
      training.condition.symptom == .atChance && course.isAccuracyConstant
      && (course.accuracy ?? 0) >= 0.5
    guard training.condition.symptom == .clipped && isMany || isShares else { return [] }
    return [
      training.explanation(
        .inputsNotScaled, 0.5,
        "The network answers the same to all: perhaps the inputs are not scaled.", course.figures,
        change)
    ]
  }
}
