import TrackerGradientCheck

/// Targets that the outputs cannot reach.
enum TargetsOutOfRange: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let settings = training.settings
    if !training.isSoftmaxOfOneUnit, let reason = training.unreachableTargets {
      return [
        training.finding(
          .targetsOutOfRange, 0.95, "The targets lie where the outputs do not reach: \(reason).",
          training.course.figures,
          change)
      ]
    }
    if settings.loss == .binaryCrossEntropy, let targets = settings.targets,
      !training.isSoftmaxOfOneUnit,
      (targets.least ?? 0) < -0.01 || (targets.greatest ?? 1) > 1.01
    {
      return [
        training.finding(
          .targetsOutOfRange, 0.95,
          "A binary cross-entropy wants targets in 0…1; these go from \(figure(targets.least ?? .nan)) to \(figure(targets.greatest ?? .nan)).",
          training.course.figures, change)
      ]
    }
    // A large loss without an accuracy that hardly moves is of numbers that the outputs never reach.
    let course = training.course
    guard !training.knowsSettings, course.accuracy == nil, course.last > 100, course.fall < 0.05,
      [.constant, .fellLittle].contains(training.condition.symptom)
    else { return [] }
    return [
      training.explanation(
        .targetsOutOfRange, 0.55,
        "The loss is large and does not move: the targets may lie where the outputs do not reach, or be unscaled.",
        course.figures, change)
    ]
  }

  private static let change = Change(
    "scale the targets into the range of the last activation, or make it linear",
    keras:
      "Dense(…) without an activation for numbers, and targets scaled: (y - y.mean()) / y.std()",
    pytorch: "no activation after the last nn.Linear, and targets scaled: (y - y.mean()) / y.std()",
    scikitLearn: "TransformedTargetRegressor(…, transformer=StandardScaler())")
}
