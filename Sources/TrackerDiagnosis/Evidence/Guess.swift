import TrackerSystem

/// What a network would get that knows nothing of its inputs: the measure of "how bad".
///
/// Guessing costs the entropy of the classes' shares under a cross-entropy (ln K where K classes are equally frequent),
/// the targets' variance under a squared error, and about 0.8 of their deviation under an absolute one (exactly
/// √(2/π) for normal targets).
struct Guess {
  /// The loss.
  let loss: Double
  /// Where it comes from.
  let reason: String

  init?(_ settings: TrainingSettings) {
    let mean = settings.targets?.mean
    let isSum = settings.sumsLoss && (settings.outputUnits ?? 1) > 1
    func entropy(_ share: Double) -> Double {
      share <= 0 || share >= 1 ? 0 : -share * log(share) - (1 - share) * log(1 - share)
    }
    if let guessed = settings.guessedLoss {
      loss = guessed
      reason = "what guessing with the classes' shares gets"
      return
    }
    switch settings.loss {
    case .categoricalCrossEntropy:
      guard let classes = settings.classes ?? settings.outputUnits, classes > 1 else { return nil }
      loss = log(Double(classes))
      reason = "ln \(classes), what guessing among \(classes) classes gets"
    case .binaryCrossEntropy:
      if let units = settings.outputUnits, units > 1, let classes = settings.classes,
        classes == units, mean == nil
      {
        loss = entropy(1 / Double(units)) * (isSum ? Double(units) : 1)
        reason = "what guessing with the classes' shares gets"
      } else {
        let share = mean.flatMap { $0 > 0 && $0 < 1 ? $0 : nil } ?? 0.5
        loss = entropy(share)
        reason = "the entropy of the labels"
      }
    case .squaredError:
      guard let deviation = settings.targets?.deviation, deviation > 0, !isSum else { return nil }
      loss = deviation * deviation
      reason = "the targets' variance"
    case .absoluteError:
      guard let deviation = settings.targets?.deviation, deviation > 0, !isSum else { return nil }
      loss = 0.8 * deviation
      reason = "0.8 of the targets' deviation, what a constant gets"
    case .hinge, .other, nil: return nil
    }
  }
}
