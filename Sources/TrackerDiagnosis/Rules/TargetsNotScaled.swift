import TrackerGradientCheck

/// Targets of a regression far from unit scale.
enum TargetsNotScaled: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let settings = training.settings
    guard settings.isClassification != true, let bound = settings.targets?.bound, bound > 30,
      training.unreachableTargets == nil
    else { return [] }
    return [
      training.explanation(
        .targetsNotScaled, bound > 1000 ? 0.85 : 0.6,
        "The targets are far from unit scale: outputs of order 1 take many steps to get there, and the loss is of their square.",
        ["targets up to \(figure(bound))"] + training.course.figures,
        Change(
          "targets with mean 0 and deviation 1, and predictions scaled back",
          scikitLearn: "TransformedTargetRegressor(…, transformer=StandardScaler())"))
    ]
  }
}
