import TrackerGradientCheck

/// A penalty so large that the weights vanish.
enum Overregularized: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let settings = training.settings
    let course = training.course
    // AdamW and its like take the share `weight_decay` times the rate off the weights, and 0.1 or more of it is usual.
    let isDecoupled = ["adamw", "lion", "lamb", "adafactor", "muon"].contains {
      settings.optimizer?.contains($0) ?? false
    }
    let lambda = max(settings.penalty ?? 0, isDecoupled ? 0 : settings.weightDecay ?? 0)
    var change: Change {
      Change(
        "a hundredth of the penalty", keras: "regularizers.l2(\(figure(lambda / 100)))",
        pytorch: "weight_decay=\(figure(lambda / 100))",
        scikitLearn: "alpha=\(figure(lambda / 100))", tracker: "--lambda \(figure(lambda / 100))")
    }
    if let penalty = training.evidence.penalty {
      let (first, last) = (penalty.first, penalty.last)
      let perExample = settings.trainingExamples.map { lambda / Double($0) }
      let saturated = training.layers.compactMap(\.saturated.last).max() ?? 0
      // The weights have shrunk to a fraction of what they were, and the network never learnt; a training that diverged
      // or was saturated has large ones.
      guard lambda > 0, first > 0, last < 0.1 * first, (course.accuracies.greatest ?? 1) < 0.85,
        course.last <= course.first,
        saturated < 0.5, perExample.map({ $0 > 1e-2 }) ?? true
      else { return [] }
      var figures = [
        "the penalty fell from \(figure(first)) to \(figure(last)): the weights are \(percent((last / first).squareRoot())) of what they were"
      ]
      figures += course.accuracyFigures
      if let perExample { figures.append("λ/m is \(figure(perExample))") }
      return [
        training.finding(
          .overregularized, 0.96,
          "λ = \(figure(lambda)) is so large that the weights vanish: the network predicts the same for every input.",
          figures, change)
      ]
    }
    // In frameworks that add the penalty to the gradient, 0.1 holds weights of order 1 near 0.
    guard training.evidence.framework != .tracker, training.evidence.hasCurve, lambda >= 0.05 else {
      return []
    }
    // Of a decay by an unknown optimiser, or where nothing tells how good the answers are, only a huge one speaks.
    let isPoor =
      training.condition.isBad
      || course.lossOverGuess.map { $0 > 0.9 }
        ?? (course.accuracy.map {
          $0 < 0.8 && (settings.penalty != nil || settings.optimizer != nil)
        }
          ?? (lambda >= 0.5))
    guard isPoor else { return [] }
    return [
      training.finding(
        .overregularized, lambda >= 0.5 ? 0.9 : 0.65,
        "A penalty of \(figure(lambda)) on squared weights holds them near 0: the network says the same for every input.",
        ["l2 = \(figure(lambda)); usual is at most 0.01"] + course.figures, change)
    ]
  }
}
