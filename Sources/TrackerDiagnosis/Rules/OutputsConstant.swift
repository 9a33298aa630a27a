import TrackerGradientCheck

/// The network answers the same to every input.
enum OutputsConstant: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let condition = training.condition
    if let share = training.outputShare, share < 1e-3,
      (training.settings.targets?.deviation ?? 1) > 0
    {
      return [
        training.finding(
          .outputsConstant, 0.95,
          "The outputs are the same for every input: whatever comes in, nothing of it reaches the output.",
          ["the outputs' deviation over examples is \(figure(share)) of the targets'"]
            + training.course.figures, change)
      ]
    }
    let zero = training.hasZeroGradients
    if zero.end, condition.isBad || zero.start {
      return [
        training.finding(
          .outputsConstant, condition.isBad ? 0.93 : 0.8,
          "Every gradient is exactly 0\(zero.start ? " from the start" : " at the end"): the outputs are saturated or dead, and nothing changes any more.",
          training.course.figures, change)
      ]
    }
    guard condition.symptom == .constant else { return [] }
    return [
      training.finding(
        .outputsConstant, condition.badness,
        "The loss does not change in its last digits: no step changes what the network answers.",
        training.course.figures, change)
    ]
  }

  private static let change = Change(
    "print the outputs of ten inputs: are they the same? Then look at the last activation, the inputs' scale and the initial weights",
    keras:
      "model.predict(x[:10]): are the rows the same? Then look at the last activation, the inputs' scale and the initial weights",
    pytorch:
      "print(model(x[:10])): are the rows the same? Then look at the last activation, the inputs' scale and the initial weights",
    tracker: "--init-range glorot --scale unit")
}
