import TrackerGradientCheck

/// Every wrong answer costs −ln ε: the outputs are exactly 0 or 1, and the loss clips them.
enum OutputsClipped: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    guard training.condition.symptom == .clipped, let epsilon = Condition.clipping(training.course),
      let accuracy = training.course.accuracy
    else { return [] }
    return [
      training.finding(
        .outputsClipped, 0.95,
        "The outputs are exactly 0 or 1, and the loss clips them at \(epsilon): it is flat there, and no gradient comes back.",
        training.course.figures + [
          "loss / (1 − accuracy) is \(figure(training.course.last / (1 - accuracy))), which is −ln \(epsilon): every wrong answer costs the clip"
        ],
        Change(
          "scale the inputs to a deviation of 1, and compute the loss from logits",
          keras:
            "keras.losses.…(from_logits=True) with a linear last layer, and inputs scaled to a deviation of 1",
          pytorch:
            "BCEWithLogitsLoss or CrossEntropyLoss on raw outputs, and inputs scaled to a deviation of 1",
          scikitLearn: "StandardScaler() before the network",
          tracker: "--cost stable --scale unit --init-range glorot"))
    ]
  }
}
