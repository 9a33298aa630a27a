import TrackerSystem
import TrackerValues

/// How bad a training is, and by what that is seen: the symptoms, which explanations build on.
struct Condition {
  /// What is seen.
  enum Symptom: Hashable {
    case notFinite, diverged, negative, clipped, constant, atChance, aboveGuess, fellLittle, stuck,
      weak, none
  }

  let symptom: Symptom
  /// How sure it is that the training is bad, 0…1.
  let badness: Double
  /// How many classes its chance level tells, where it is at chance.
  let chanceClasses: Int?

  var isBad: Bool { badness >= 0.5 }

  init(_ course: Course) {
    chanceClasses = Self.chanceClasses(course)
    (symptom, badness) = Self.judge(course, chanceClasses)
  }

  private static func judge(_ course: Course, _ chance: Int?) -> (Symptom, Double) {
    if course.firstNotFinite != nil { return (.notFinite, 0.98) }
    guard course.count >= 2, course.losses.count >= 2 else { return (.none, 0) }
    let isRight = (course.greatestAccuracy ?? 0) >= 0.9
    if let growth = growth(course) { return (.diverged, growth) }
    if course.last < -0.02, course.lowest < -0.02, isNeverNegative(course) {
      return (.negative, 0.93)
    }
    if !course.evidence.games.isEmpty { return (.none, 0) }
    if clipping(course) != nil { return (.clipped, 0.96) }
    // A loss far below what guessing gets is not a loss of a training that learnt nothing, however little it fell.
    let isFarBelowGuess = course.lossOverGuess.map { $0 < 0.6 } ?? false
    if !isRight, !isFarBelowGuess, isConstant(course) {
      if course.fall < 0.05 {
        return (.constant, course.accuracy == nil && abs(course.last) < 1e-3 ? 0.4 : 0.92)
      }
      // What fell and then stands still may have come to its end, where it took more than a point or two to get there.
      if isAbrupt(course) { return (.constant, 0.7) }
    }
    if chance != nil, course.count >= 3 { return (.atChance, 0.93) }
    // Answers that get righter and righter are learnt, however little the loss shows it in the first epochs.
    if (3...10).contains(course.count), !isRight, !isFarBelowGuess, course.accuracyGain > 0.2 {
      return (.weak, 0.45)
    }
    if let ratio = course.lossOverGuess, course.count >= 3, !isRight {
      let isDone = course.count >= 5 || course.fall < 0.05
      if ratio > 0.97, isDone, course.accuracy.map({ $0 < 0.8 }) ?? true {
        return (.aboveGuess, ratio > 1.3 ? 0.92 : 0.8)
      }
    }
    if course.count >= 5, !isRight, !isFarBelowGuess, let badness = fellLittle(course) {
      return (badness < 0.45 ? .weak : .fellLittle, badness)
    }
    if !isRight, isStuck(course) {
      // The settings would tell what keeps it; where they are known and do not, this may be the best there is.
      let isKnown = course.settings.loss != nil && course.settings.optimizer != nil
      return isKnown ? (.weak, 0.45) : (.stuck, 0.5)
    }
    if let ratio = course.lossOverGuess, ratio > 0.75, !isRight, course.count >= 5 {
      return (.weak, 0.45)
    }
    return (.none, 0)
  }

  /// How sure it is that the loss grew away; `nil` where it did not.
  private static func growth(_ course: Course) -> Double? {
    let start = course.first
    guard start >= 0, course.last > 3 * start, course.last > course.lowest + 1e-6 else {
      return nil
    }
    if !course.evidence.games.isEmpty { return course.last > 1e6 * max(start, 1) ? 0.9 : nil }
    let isRight = (course.accuracy ?? 0) > 0.9
    if isRight { return nil }
    // In reinforcement learning a loss grows with what is at stake.
    return course.last > 30 * start || course.accuracy != nil
      || course.evidence.settings.optimizer != nil ? 0.95 : 0.5
  }

  /// How sure it is that too little was learnt, as the loss fell by little; `nil` where it is not so.
  private static func fellLittle(_ course: Course) -> Double? {
    guard let accuracy = course.accuracy else {
      // Without an accuracy or a level of guessing nobody knows how low the loss could be: contrastive losses begin near
      // ln N, densities and language have a floor, and trained weights begin near it.
      if course.fall < 0.05 { return 0.5 }
      guard course.fall < 0.25, course.count >= 20 else { return nil }
      // What falls by as much at the end as on the whole has not come to its floor; what stands still from its first fifth
      // on, or rises again, has not learnt since.
      let fifths = course.fifths
      let lowest = fifths.min() ?? .nan
      let isRisen = fifths[4] - lowest > 0.15 * abs(lowest)
      return course.lateShare > 0.15 || course.isStill || isRisen ? 0.45 : nil
    }
    // Answers that get righter are learnt; and answers that are mostly right, and change, were known before.
    let wasKnown = accuracy >= 0.6 && !course.isAccuracyConstant
    if course.fall < 0.1 { return accuracy >= 0.8 ? 0.4 : wasKnown ? 0.45 : 0.85 }
    guard course.fall < 0.25, accuracy < 0.6 else { return nil }
    return course.accuracyGain > 0.1 && !course.isAccuracyConstant ? 0.4 : 0.6
  }

  /// Whether the loss is one that is never below 0. Of a loss of an unknown kind beside answers that is so, unless it may
  /// be a share of which the negative is taken, as of an overlap or a cosine.
  private static func isNeverNegative(_ course: Course) -> Bool {
    switch course.settings.loss {
    case .categoricalCrossEntropy, .binaryCrossEntropy: true
    case .squaredError, .absoluteError, .hinge: true
    case .other: false
    case nil: course.accuracy != nil && course.lowest < -1.01
    }
  }

  /// Whether the loss comes to where it stays within its first few points.
  private static func isAbrupt(_ course: Course) -> Bool {
    let losses = course.losses.all
    let end = losses.last ?? 0
    let last = losses.lastIndex { abs($0 - end) > 1e-3 * abs(end) } ?? 0
    return last <= 1
  }

  /// Constant to the last digits but for its first points.
  static func isConstant(_ course: Course) -> Bool {
    guard course.losses.count >= 3, course.fall < 0.5 else { return false }
    let values = course.losses.suffix(max(3, course.losses.count * 7 / 10))
    guard let least = values.min(), let greatest = values.max() else { return false }
    return greatest - least <= 1e-6 * max(abs(least), abs(greatest))
  }

  /// The ε of a cross-entropy that clips its outputs at ε, when every wrong answer costs −ln ε and every right one
  /// nothing; PyTorch's binary form clips the logarithm at −100. It is so at the end, and in three of four points.
  static func clipping(_ course: Course) -> String? {
    guard let accuracy = course.accuracy, accuracy < 0.95, course.count >= 2, course.fall < 0.2
    else { return nil }
    // Of several outputs each wrong answer of a one-hot label costs twice; that is left to other rules.
    let levels: [(Double, String)] = [
      (16.118, "1e-7"), (15.942, "1.2e-7"), (13.816, "1e-6"), (18.421, "1e-8"), (27.631, "1e-12"),
      (34.539, "1e-15"), (36.044, "2.2e-16"), (100, "e^−100"),
    ]
    let ratio = course.last / (1 - accuracy)
    guard let level = levels.first(where: { abs(ratio - $0.0) < 0.03 * $0.0 }) else { return nil }
    // A loss that meets such a level once, on its way, is another.
    let near = zip(course.losses.all, course.accuracies.all).count { loss, accuracy in
      abs(loss - level.0 * (1 - accuracy)) < 0.05 * loss
    }
    let isAligned = course.losses.count == course.accuracies.count
    return isAligned && near * 4 < course.losses.count * 3 ? nil : level.1
  }

  /// K, where the loss is ln K and the accuracy about 1/K; or the loss is the entropy of two classes' shares and the
  /// accuracy the larger one.
  private static func chanceClasses(_ course: Course) -> Int? {
    guard let accuracy = course.accuracy, course.last > 0.1, course.losses.count >= 2 else {
      return nil
    }
    let loss = course.last
    let found = course.settings.classes ?? Int(exp(min(loss, 9)).rounded())
    if found >= 2 {
      let level = log(Double(found))
      let isNear = abs(loss - level) < 0.02 * level && course.fall < 0.15
      let most = 1 / Double(found) + max(0.06, 0.3 / Double(found))
      // What was known for a while was lost, or another training was recorded with this one.
      if isNear, accuracy < most { return course.wasRighter(than: most + 0.1) ? nil : found }
    }
    // The larger class always: the loss is the entropy of the shares.
    if accuracy >= 0.5, accuracy < 0.95, course.fall < 0.15, course.isAccuracyConstant {
      let entropy = -accuracy * log(accuracy) - (1 - accuracy) * log(1 - accuracy)
      if abs(loss - entropy) < 0.02 * entropy { return 2 }
    }
    return nil
  }

  /// Far from right in training, and no better for a third of the time.
  private static func isStuck(_ course: Course) -> Bool {
    guard course.evidence.accuracy?.isScore == false, let accuracy = course.accuracy,
      accuracy < 0.7,
      course.accuracies.count >= 8
    else { return false }
    let third = course.accuracies.count / 3
    // A thousandth of the answers at each point is little, but no standing still: so it is where the learning rate decays.
    let end = course.accuracies.suffix(third + 1)
    if zip(end, end.dropFirst()).allSatisfy({ $1 - $0 > 1e-3 }) { return false }
    let half = max(1, third / 2)
    let before = median(course.accuracies.suffix(half, beforeLast: third))
    let lossBefore = median(course.losses.suffix(half, beforeLast: third))
    return accuracy - before < max(0.02, 0.03 * before)
      && lossBefore - course.last < 0.08 * abs(lossBefore)
  }
}
