import TrackerGradientCheck
import TrackerSystem
import TrackerValues

/// The course of a training in the few figures that rules ask for, each computed once.
struct Course {
  let evidence: TrainingEvidence
  var settings: TrainingSettings { evidence.settings }

  /// The finite values of the loss, in order.
  let losses: [Double]
  /// How many points the loss has, finite or not.
  let count: Int
  /// The index of the first loss that is not finite.
  let firstNotFinite: Int?
  /// The loss at the start.
  let first: Double
  /// The loss at the end: the median of the last points, so that one of them decides nothing.
  let last: Double
  let lowest: Double
  /// How much of the loss went, as a share of its start; below 0 where it grew.
  let fall: Double
  /// How much of the loss at its end went in the last fifth.
  let lateFall: Double
  /// How much of the whole fall came in the last fifth.
  let lateShare: Double
  /// The share of points that are lower than the one before.
  let smoothness: Double
  /// The share of points that are higher than the one before by more than a hundredth.
  let risingShare: Double
  /// The share of right answers at the end, in training where that is known, else held out; `nil` where no accuracy is
  /// there or it means nothing.
  let accuracy: Double?
  let accuracies: [Double]
  /// By how much the accuracy grew.
  var accuracyGain: Double { accuracy.flatMap { end in accuracies.first.map { end - $0 } } ?? 0 }
  /// Whether the accuracy does not change in the last half.
  let isAccuracyConstant: Bool
  let guess: Guess?

  init(_ evidence: TrainingEvidence) {
    self.evidence = evidence
    let curve = evidence.loss ?? evidence.heldOutLoss
    let values = curve?.values ?? []
    count = values.count
    losses = values.finite
    // One value that is not finite amid many, as of a step that mixed precision skipped, is outlived.
    let isOutlived =
      values.last?.isFinite == true && (values.count - losses.count) * 5 < values.count
    firstNotFinite = isOutlived ? nil : values.firstIndex { !$0.isFinite }
    let window = max(1, min(losses.count / 5, 1 + losses.count / 10))
    // An odd number of points, so that the median is one of them.
    first = median(losses.prefix(losses.count / 300 * 2 + 1))
    last = median(losses.suffix(window))
    lowest = losses.min() ?? .nan
    fall = first == 0 ? 0 : (first - last) / abs(first)
    let fifth = max(1, losses.count / 5)
    let before = median(losses.dropLast(fifth).suffix(window))
    lateFall = losses.count < 5 || last == 0 ? 0 : (before - last) / abs(last)
    lateShare = first > last && losses.count >= 5 ? (before - last) / (first - last) : 0
    let changes = losses.changes
    smoothness = losses.count < 2 ? 0 : Double(changes.falls) / Double(losses.count - 1)
    risingShare = losses.count < 2 ? 0 : Double(changes.rises) / Double(losses.count - 1)

    let shares = Self.meaningfulAccuracy(evidence)
    accuracies = shares
    accuracy =
      shares.isEmpty
      ? nil : median(shares.suffix(max(1, min(shares.count / 5, 1 + shares.count / 10))))
    let half = shares.suffix(max(2, (shares.count + 1) / 2))
    isAccuracyConstant = shares.count >= 3 && (half.max() ?? 0) - (half.min() ?? 1) < 1e-9
    guess = Guess(evidence.settings)
  }

  /// Accuracies as shares; none where it is of a regression, never anything but 0, or a number of right answers.
  private static func meaningfulAccuracy(_ evidence: TrainingEvidence) -> [Double] {
    guard evidence.settings.isClassification != false else { return [] }
    for curve in [evidence.accuracy, evidence.heldOutAccuracy] {
      let values = (curve?.values ?? []).finite
      guard let greatest = values.max(), greatest > 0, greatest <= 100 else { continue }
      return greatest > 1.5 ? values.map { $0 / 100 } : values
    }
    return []
  }

  /// The held-out loss at its lowest and at its end, by medians of neighbours.
  var heldOut: (lowest: Double, at: Int, share: Double, last: Double)? {
    let values = (evidence.heldOutLoss?.values ?? []).finite
    guard values.count >= 3 else { return nil }
    let smooth = smoothedByNeighbours(values)
    guard let lowest = smooth.min(), let at = smooth.firstIndex(of: lowest) else { return nil }
    return (
      lowest, at, Double(at + 1) / Double(values.count),
      median(values.suffix(max(1, min(values.count / 5, 3))))
    )
  }

  /// The loss as a multiple of what guessing would get; `nil` where that is not known.
  var lossOverGuess: Double? {
    guard let guess, guess.loss > 0, !losses.isEmpty else { return nil }
    // A penalty is not a part of a guess.
    return (last - (evidence.penalty?.last ?? 0)) / guess.loss
  }

  /// The loss at the start in words, and at the end.
  var lossFigures: String {
    let name = (evidence.loss ?? evidence.heldOutLoss)?.name ?? "loss"
    let end = firstNotFinite == nil ? "at the end" : "in its last finite points"
    return losses.isEmpty
      ? "\(name) is not finite in any of \(count) points"
      : "\(name): \(figure(first)) at the start, \(figure(last)) \(end), over \(count) points"
  }
  var accuracyFigures: [String] {
    guard let accuracy, let first = accuracies.first else { return [] }
    let name = (evidence.accuracy ?? evidence.heldOutAccuracy)?.name ?? "accuracy"
    return ["\(name): \(percent(first)) at the start, \(percent(accuracy)) at the end"]
  }
  /// Both of them.
  var figures: [String] { (count > 0 ? [lossFigures] : []) + accuracyFigures }
}
