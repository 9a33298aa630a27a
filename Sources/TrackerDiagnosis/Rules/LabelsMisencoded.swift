import TrackerGradientCheck

/// Labels in another form than the loss reads.
enum LabelsMisencoded: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let settings = training.settings
    guard settings.isClassification == true, let classes = settings.classes,
      let units = settings.outputUnits
    else { return [] }
    var change: Change {
      Change(
        "a unit for each class, and labels in the form that the loss reads",
        keras:
          "Dense(\(classes), activation=\"softmax\") with sparse_categorical_crossentropy for class numbers, or to_categorical(y)",
        pytorch:
          "nn.Linear(…, \(classes)) with CrossEntropyLoss and class numbers 0…\(classes - 1)")
    }
    if classes > 2, units == 1, !training.isSoftmaxOfOneUnit {
      return [
        training.finding(
          .labelsMisencoded, training.condition.isBad ? 0.8 : 0.6,
          "One output unit for \(classes) classes: their numbers are taken for an order.",
          ["\(classes) classes, 1 output unit"], change)
      ]
    }
    if units > 1, units < classes, settings.lastActivation == "softmax" {
      return [
        training.finding(
          .labelsMisencoded, 0.9,
          "\(units) output units for \(classes) classes: some can never be answered.",
          ["\(classes) classes, \(units) output units"], change)
      ]
    }
    return []
  }
}
