import TrackerGradientCheck
import TrackerSystem
import TrackerValues

/// The course of a training in the few figures that rules ask for, each computed once, when a rule asks: a training where nothing
/// is wrong is told by the ends of its curves.
final class Course {
  let evidence: TrainingEvidence
  var settings: TrainingSettings { evidence.settings }
  /// The loss by which the course is told.
  let curve: Curve?

  init(_ evidence: TrainingEvidence) {
    self.evidence = evidence
    let (training, heldOut) = (evidence.loss?.count ?? 0, evidence.heldOutLoss?.count ?? 0)
    // Some log a loss of training now and then, and the held-out one after each epoch.
    let isSparse = training < 5 ? heldOut > training : heldOut > 4 * training
    curve = isSparse ? evidence.heldOutLoss : evidence.loss
    guess = Guess(evidence.settings)
  }

  /// The finite values of the loss, in order.
  private(set) lazy var losses = curve?.finite ?? FiniteValues([])
  /// How many points the loss has, finite or not.
  var count: Int { curve?.count ?? 0 }
  /// How many epochs the training had, as far as anybody knows: points may be of steps.
  var epochs: Int { settings.epochs ?? evidence.epochs ?? max(count, heldOutLosses.count) }
  /// The index of the first loss that is not finite.
  private(set) lazy var firstNotFinite: Int? = {
    guard let curve, let first = curve.firstNotFinite else { return nil }
    // One value that is not finite amid many, as of a step that mixed precision skipped, is outlived.
    let isOutlived = curve.last?.isFinite == true && (count - losses.count) * 5 < count
    return isOutlived ? nil : first
  }()
  /// How many points at the end are looked at together, so that one of them decides nothing.
  private var window: Int { max(1, min(losses.count / 5, 1 + losses.count / 10)) }
  private var fifth: Int { max(1, losses.count / 5) }
  /// The loss at the start: of an odd number of points, so that the median is one of them.
  private(set) lazy var first = median(losses.prefix(losses.count / 300 * 2 + 1))
  /// The loss at the end: the median of the last points.
  private(set) lazy var last = median(losses.suffix(window))
  private(set) lazy var lowest = losses.least ?? .nan
  /// How much of the loss went, as a share of its start; below 0 where it grew.
  var fall: Double { first == 0 ? 0 : (first - last) / abs(first) }
  /// The loss before its last fifth.
  private lazy var before = median(losses.suffix(window, beforeLast: fifth))
  /// How much of the loss at its end went in the last fifth.
  var lateFall: Double { losses.count < 5 || last == 0 ? 0 : (before - last) / abs(last) }
  /// How much of the whole fall came in the last fifth.
  var lateShare: Double {
    first > last && losses.count >= 5 ? (before - last) / (first - last) : 0
  }
  private lazy var changes = losses.all.changes
  /// The share of points that are lower than the one before.
  var smoothness: Double {
    losses.count < 2 ? 0 : Double(changes.falls) / Double(losses.count - 1)
  }
  /// The share of points that are higher than the one before by more than a hundredth.
  var risingShare: Double {
    losses.count < 2 ? 0 : Double(changes.rises) / Double(losses.count - 1)
  }
  let guess: Guess?

  /// Accuracies as shares, of training and held out, with the median of the last ones; none where they are of a regression,
  /// never anything but 0, or a number of right answers.
  private lazy var shares: [(values: FiniteValues, end: Double, isScore: Bool)] = {
    guard evidence.settings.isClassification != false else { return [] }
    return [evidence.accuracy, evidence.heldOutAccuracy].compactMap { curve in
      guard let curve, let greatest = curve.finite.greatest, greatest > 0, greatest <= 100 else {
        return nil
      }
      let values =
        greatest > 1.5 ? FiniteValues(curve.finite.all.map { $0 / 100 }) : curve.finite
      let end = median(values.suffix(max(1, min(values.count / 5, 1 + values.count / 10))))
      return (values, end, curve.isScore)
    }
  }()
  /// Those that tell whether answers are right: a score of another kind counts where it is near 1, for a low one does not tell
  /// that anything is wrong.
  private lazy var counted = shares.filter { !$0.isScore || $0.end >= 0.9 }
  /// Of training where they are known, else held out.
  private(set) lazy var accuracies = counted.first?.values ?? FiniteValues([])
  /// The share of right answers at the end, in training where that is known, else held out; `nil` where no accuracy is
  /// there or it means nothing.
  var accuracy: Double? { counted.first?.end }
  /// The same, held out where that is higher: training may see harder examples, with noise, mixed or with units dropped.
  var greatestAccuracy: Double? { counted.map(\.end).max() }
  /// Such a share or any score at the end, whatever it is.
  var score: Double? { shares.first?.end }
  /// By how much the accuracy grew.
  var accuracyGain: Double { accuracy.flatMap { end in accuracies.first.map { end - $0 } } ?? 0 }
  /// Whether the accuracy does not change in the last half.
  private(set) lazy var isAccuracyConstant: Bool = {
    let half = accuracies.suffix(max(2, (accuracies.count + 1) / 2))
    return accuracies.count >= 3 && (half.max() ?? 0) - (half.min() ?? 1) < 1e-9
  }()

  /// The median loss of each fifth of the points, of which there are five or more.
  var fifths: [Double] { Self.fifths(of: losses) }

  private static func fifths(of values: FiniteValues) -> [Double] {
    let values = values.all
    return (0..<5).map { median(values[$0 * values.count / 5..<($0 + 1) * values.count / 5]) }
  }

  /// Whether the answers were righter than so for a fifth of the training.
  func wasRighter(than share: Double) -> Bool {
    accuracies.count >= 5 && Self.fifths(of: accuracies).contains { $0 > share }
  }

  /// Whether the loss, of five points or more, is as high at its end as in its first fifth.
  var isStill: Bool {
    let (first, last) = (fifths[0], fifths[4])
    return first - last < 0.01 * abs(last)
  }

  /// The loss at its highest, by the median of a fifth of the points, where it came from far below and went back: more
  /// than thrice its start, and thrice its end.
  private(set) lazy var hump: Double? = {
    guard losses.count >= 10, first > 0, (losses.greatest ?? 0) > 3 * first else { return nil }
    return fifths.max().flatMap { $0 > 3 * max(first, last) ? $0 : nil }
  }()

  private lazy var heldOutLosses = evidence.heldOutLoss?.finite ?? FiniteValues([])
  private lazy var lastHeldOut = median(
    heldOutLosses.suffix(max(1, min(heldOutLosses.count / 5, 3))))
  /// The held-out loss at its lowest and at its end, by medians of neighbours.
  private(set) lazy var heldOut: (lowest: Double, at: Int, share: Double, last: Double)? = {
    let values = heldOutLosses.all
    guard values.count >= 3 else { return nil }
    let smooth = smoothedByNeighbours(values)
    guard let lowest = smooth.min(), let at = smooth.firstIndex(of: lowest) else { return nil }
    return (lowest, at, Double(at + 1) / Double(values.count), lastHeldOut)
  }()
  /// Whether the held-out loss ends above so many times its least value, which is no greater than that of ``heldOut``.
  func heldOutEndsAbove(_ factor: Double) -> Bool {
    heldOutLosses.least.map { lastHeldOut > factor * $0 } ?? false
  }

  /// The loss as a multiple of what guessing would get; `nil` where that is not known.
  var lossOverGuess: Double? {
    guard let guess, guess.loss > 0, !losses.isEmpty else { return nil }
    // A penalty is not a part of a guess.
    return (last - (evidence.penalty?.last ?? 0)) / guess.loss
  }

  /// The loss at the start in words, and at the end.
  var lossFigures: String {
    let name = curve?.name ?? "loss"
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
