import TrackerGradientCheck

/// A loss that is NaN or infinite: from there on nothing is learnt.
enum NotFiniteLoss: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let course = training.course
    guard let index = course.firstNotFinite else {
      guard !training.evidence.notFinite.isEmpty else { return [] }
      // What is held out alone, beside a training that is right: a logarithm of 0 in what measures, not in what trains.
      let isMeasureAlone = (course.accuracy ?? 0) >= 0.9 && training.evidence.loss != nil
      return [
        training.finding(
          .notFinite, isMeasureAlone ? 0.5 : 0.85,
          "Values that are not finite: \(list(Array(training.evidence.notFinite.prefix(4)))).", [],
          change)
      ]
    }
    let curve = course.curve
    let step = figure(Double(curve?.notFiniteStep ?? Int64(index)))
    return [
      training.finding(
        .notFinite, 0.98,
        index == 0
          ? "The loss is not finite from its first point on: it is computed from what overflows or has no logarithm."
          : "The loss is not finite from step \(step) on; what comes after is lost.",
        [course.lossFigures] + course.accuracyFigures, change)
    ]
  }

  private static let change = Change(
    "a tenth of the learning rate; and look for log(0), a division by 0, or NaN in the data",
    keras:
      "keras.callbacks.TerminateOnNaN(), optimizer with clipnorm=1.0 and a tenth of the learning rate; look for NaN in the data",
    pytorch:
      "torch.autograd.set_detect_anomaly(True) names the operation; a tenth of the lr, clip_grad_norm_(…, 1.0)",
    tracker: "--learning-rate with a tenth of the rate, or --optimizer lbfgs")
}
