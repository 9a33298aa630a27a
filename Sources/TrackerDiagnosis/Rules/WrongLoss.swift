import TrackerGradientCheck

/// The loss does not fit the task, the labels or the outputs.
enum WrongLoss: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let settings = training.settings
    let course = training.course
    let named = settings.lossName.map { "the loss is \($0)" } ?? ""
    let change = Change(
      "a cross-entropy for classes (binary for one unit or several labels, categorical for one of K), a squared error for numbers",
      keras:
        "loss=\"sparse_categorical_crossentropy\" for class numbers, \"binary_crossentropy\" for 0 and 1, \"mse\" for numbers",
      pytorch: "CrossEntropyLoss for classes, BCEWithLogitsLoss for 0 and 1, MSELoss for numbers")
    if settings.loss == .categoricalCrossEntropy, settings.outputUnits == 1,
      !training.isSoftmaxOfOneUnit
    {
      return [
        training.finding(
          .wrongLoss, 0.94,
          "A categorical cross-entropy of one unit is always 0 or meaningless: one unit has nothing to add up to 1 with.",
          [named, "1 output unit"], change)
      ]
    }
    if training.condition.symptom == .negative {
      return [
        training.finding(
          .wrongLoss, 0.9,
          "The loss is below 0, which a cross-entropy of labels in 0…1 never is: the labels or the loss do not fit.",
          course.figures, change)
      ]
    }
    if settings.sumsLoss {
      return [
        training.explanation(
          .wrongLoss, 0.9,
          "The loss is a sum where a mean belongs: its gradient is \(settings.batchSize.map { "\($0)" } ?? "many") times as large, and so is every step.",
          [named], Change("the mean over the batch", pytorch: "reduction=\"mean\""))
      ]
    }
    if settings.loss == .other, let name = settings.lossName, name.lowercased().contains("log"),
      settings.lastActivation.map({ ["linear", "relu", "tanh"].contains($0) }) ?? false
    {
      return [
        training.explanation(
          .wrongLoss, 0.88, "The loss takes a logarithm of outputs that may be negative.",
          [named, "the last activation is \(settings.lastActivation ?? "")"], change)
      ]
    }
    if settings.isClassification == true, (settings.classes ?? 2) > 1,
      settings.loss == .squaredError || settings.loss == .absoluteError,
      training.condition.symptom != .notFinite, training.condition.symptom != .diverged
    {
      return [
        training.explanation(
          .wrongLoss, settings.loss == .absoluteError ? 0.85 : 0.75,
          "\(settings.lossName ?? "This loss") of classes: where the output is far off, its gradient is nearly 0.",
          [named] + course.figures, change)
      ]
    }
    if settings.loss == nil, let accuracy = course.accuracy, (0.02...0.6).contains(accuracy),
      abs(course.last) < 0.05,
      course.count >= 2
    {
      return [
        training.finding(
          .wrongLoss, 0.55,
          "The loss is nearly 0 and most answers are wrong: it does not measure what the accuracy does.",
          course.figures, change)
      ]
    }
    guard training.condition.symptom == .stuck, !training.knowsSettings else { return [] }
    return [
      training.explanation(
        .wrongLoss, 0.5, "The loss may not fit the labels.", course.figures, change)
    ]
  }
}
