import TrackerGradientCheck
import TrackerValues

/// Worse and worse on the held-out part while the training part gets better.
enum Overfitted: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let course = training.course
    // The share of answers by which training is better, where both are known.
    let ending = training.evidence.accuracy == nil ? nil : heldOutAccuracy(training.evidence)
    let gap = ending.flatMap { ending in course.accuracy.map { $0 - ending } }
    // What follows asks for a held-out loss that rose, or for a wide gap.
    guard !training.condition.isBad, gap.map({ $0 > 0.03 }) ?? true,
      course.heldOutEndsAbove(1.25) || gap.map({ $0 > 0.15 }) ?? false,
      let held = course.heldOut, held.lowest > 0
    else { return [] }
    let rose = held.last > 1.25 * held.lowest
    let heldOutCount = training.evidence.heldOutLoss?.count ?? 0
    var shares: [String] = []
    let likelihood: Double
    var isOnlySure = false
    if let gap, let train = course.accuracy, let test = ending {
      // What is learnt by heart need not be learnt whole: random labels are not, for long.
      guard train > 0.8 || (rose && gap > 0.3) else { return [] }
      guard rose ? gap > 0.03 : gap > 0.15 else { return [] }
      shares = ["accuracy at the end: \(percent(train)) in training, \(percent(test)) held out"]
      // A loss that rises while the answers stay as right as they were tells of answers that are too sure of themselves;
      // of a few hundred held-out answers a share is known to two or three hundredths.
      isOnlySure = gap < 0.1 && test > bestHeldOutAccuracy(training.evidence) - 0.05
      likelihood = isOnlySure ? 0.45 : rose ? 0.88 : 0.7
    } else {
      // Without an accuracy: the held-out loss rises for long, and the training loss goes on falling far below it.
      // A held-out loss that wavers has not risen.
      let values = training.evidence.heldOutLoss?.finite.all ?? []
      guard rose, held.last - held.lowest > 3 * median(values.stepLengths),
        held.last > 2 * course.last,
        heldOutCount >= 8, held.at < heldOutCount * 7 / 10,
        course.fall > 0.3
      else { return [] }
      likelihood = held.last > 1.6 * held.lowest ? 0.8 : 0.55
    }
    let heldOut =
      "\(training.evidence.heldOutLoss?.name ?? "held-out loss"): \(figure(held.lowest)) at point \(held.at), \(figure(held.last)) at the end"
    return [
      training.finding(
        .overfitted, likelihood,
        isOnlySure
          ? "The held-out loss rises while the held-out answers stay as right as they were: the network grows too sure of its mistakes."
          : "The network is over-fitted: right on what it was trained on, and worse on what it was not.",
        shares + [heldOut, course.lossFigures],
        Change(
          "stop at the best held-out point, more data, a smaller network, or a penalty",
          keras:
            "keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True), Dropout, or l2",
          pytorch: "keep the state of the best held-out loss; weight_decay, nn.Dropout",
          scikitLearn: "early_stopping=True, a larger alpha",
          tracker: "--patience 10, or a larger --lambda"))
    ]
  }

  /// The share of right held-out answers at the end, by the median of the last ones.
  private static func heldOutAccuracy(_ evidence: TrainingEvidence) -> Double? {
    guard let values = evidence.heldOutAccuracy?.finite, !values.isEmpty else { return nil }
    return median(values.suffix(max(1, min(values.count / 5, 3)))) / unit(values)
  }

  /// The same at its best, by medians of neighbours; NaN of nothing.
  private static func bestHeldOutAccuracy(_ evidence: TrainingEvidence) -> Double {
    guard let values = evidence.heldOutAccuracy?.finite else { return .nan }
    return (smoothedByNeighbours(values.all).max() ?? .nan) / unit(values)
  }

  /// What a share of all is written as: 1, or 100 per cent.
  private static func unit(_ values: FiniteValues) -> Double {
    (values.greatest ?? 0) > 1.5 ? 100 : 1
  }
}
