import TrackerGradientCheck

/// The training was ended while it still learnt.
enum TooFewEpochs: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let course = training.course
    let settings = training.settings
    let change = Change(
      "three times as many epochs, with early stopping",
      keras: "epochs three times as many, with keras.callbacks.EarlyStopping(patience=5)",
      pytorch: "three times as many epochs, and keep the best held-out state",
      scikitLearn: "max_iter three times as large", tracker: "--epochs with three times as many")
    guard training.evidence.games.isEmpty, course.firstNotFinite == nil else { return [] }
    let count = course.epochs
    // Few epochs, each of which still brings much; the start may be a point, too.
    if course.count >= 2, course.count <= 6, count <= 10, (course.accuracy ?? 0) < 0.85,
      course.last > 0
    {
      let values = course.losses.suffix(2)
      let lastFall =
        values.count == 2
        ? (values[values.startIndex] - values[values.startIndex + 1])
          / abs(values[values.startIndex]) : 0
      let shares = course.accuracies.suffix(2)
      let gain =
        shares.count == 2 ? shares[shares.startIndex + 1] - shares[shares.startIndex] : nil
      let isPoor = training.condition.isBad || course.lossOverGuess.map { $0 > 0.6 } ?? false
      if (lastFall > 0.08 && gain.map({ $0 > 0.02 }) ?? true) || (isPoor && lastFall > 0) {
        let isKnown = course.accuracy != nil || isPoor && training.knowsSettings
        return [
          training.finding(
            .tooFewEpochs, isKnown ? (settings.epochs != nil || isPoor ? 0.75 : 0.6) : 0.45,
            "\(count == 1 ? "One epoch is" : "\(count) epochs are") few, and the last point still brought \(percent(max(0, lastFall))) of the loss.",
            course.figures, change)
        ]
      }
    }
    guard let unfinished = Unfinished(course), course.count <= 20 || training.knowsSettings else {
      return []
    }
    return [
      training.finding(
        .tooFewEpochs, min(unfinished.likelihood, 0.58),
        "The training ends while the loss still falls: \(unfinished.figure).", course.figures,
        change)
    ]
  }
}
