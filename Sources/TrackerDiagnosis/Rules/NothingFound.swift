import TrackerGradientCheck

/// Nothing to be said: because nothing is wrong, or because too little was there to look at.
enum NothingFound {
  static func finding(_ training: Training) -> Finding {
    let course = training.course
    let evidence = training.evidence
    func unknown(_ summary: String, _ next: Change) -> Finding {
      training.finding(.unknown, 0, summary, course.figures, next)
    }
    if !evidence.games.isEmpty {
      return unknown(
        "Where there are rewards or opponents (\(list(Array(evidence.games.prefix(3))))), a loss does not tell by falling how good the training is; nothing is said of it but that it is finite.",
        Change("record a score of what the network makes, and look at that"))
    }
    let isRight = (course.accuracy ?? 0) >= 0.9
    guard evidence.hasCurve, course.count > 0 || isRight else {
      return unknown(
        "No \(evidence.hasCurve ? "loss" : "curve") that I know was found, so nothing is said of the training.",
        Change(
          "name the loss with --metric KEY, or record one named loss, val_loss or accuracy",
          tracker: "--check start"))
    }
    let count = course.count > 0 ? course.count : course.accuracies.count
    guard count >= 5 || isRight && count >= 2 else {
      return unknown(
        "\(count == 1 ? "One point says" : "\(count) points say") too little.",
        Change("record the loss at each epoch"))
    }
    let isFarBelow = course.lossOverGuess.map { $0 < 0.6 } ?? false
    // A loss that fell from anywhere to answers that are mostly wrong, and were no worse before, is no success.
    let isNoBetter = course.accuracy.map { $0 < 0.5 && course.accuracyGain < 0.1 } ?? false
    // Nor is one that fell at once and stands still since, where nobody knows how low it could be.
    let isStranded =
      course.accuracy == nil && course.lossOverGuess == nil && course.count >= 20
      && course.fall < 0.5 && course.isStill
    guard isRight || isFarBelow || course.fall > 0.25 && !isNoBetter && !isStranded else {
      return unknown(
        "The curves show no fault, and no success either: the loss fell by \(percent(max(0, course.fall)))"
          + (isNoBetter
            ? ", and the answers are no better than at the start."
            : isStranded
              ? " in its first points and stands still since, at its floor or stuck." : "."),
        Change(
          "record an accuracy, or the parameters (loss, last_activation, classes), so that guessing can be told from knowing"
        ))
    }
    return training.finding(
      .noFault, isRight || isFarBelow ? 0.9 : 0.75,
      "Nothing is wrong with the training that these curves would show.", course.figures,
      Change("", tracker: "--check start"))
  }
}
