import TrackerGradientCheck

/// The initial units are saturated, and the training is stuck with them; or the initial weights are so large that they
/// must be.
enum StalledBySaturation: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    if let found = measured(training) { return [found] }
    return expected(training)
  }

  /// Shares of saturated units at the start.
  private static func measured(_ training: Training) -> Finding? {
    let settings = training.settings
    // Of weights that are all 0 the ReLUs are as well, and that is another fault.
    guard settings.initialBound != 0 else { return nil }
    let start = training.layers.compactMap { layer in
      layer.saturated.first.map { (layer: layer, share: $0) }
    }
    guard let worst = start.map(\.share).max(), worst > 0.8 else { return nil }
    let course = training.course
    let isStalled = training.condition.isBad || course.accuracy.map { $0 < 0.3 } ?? false
    // Unscaled inputs saturate good weights.
    if training.inputScale.map({ $0.bound > 30 }) ?? false, settings.initialBound == nil {
      return nil
    }
    let isOwn = training.evidence.framework == .tracker
    // Saturated outputs alone are learnt away; hidden units pass no gradient.
    let hidden = start.dropLast().map(\.share).max() ?? (start.count == 1 ? worst : 0)
    guard isStalled || hidden > 0.8, isOwn || hidden > 0.8 else { return nil }
    var figures = [
      "saturated units at the start: "
        + start.map { "\($0.layer.name): \(percent($0.share))" }.joined(separator: ", ")
    ]
    if let bound = settings.initialBound {
      figures.append(
        "the initial range is \(settings.isOneSidedStart ? "0:" : "±")\(figure(bound))")
    }
    return training.finding(
      .saturatedInitialization, isStalled ? 0.94 : 0.7,
      isStalled
        ? "The training is stalled, because the initial units are saturated: their derivative is 0, and no gradient reaches the weights below them."
        : "The initial units are saturated: the training begins without a gradient below them, and what becomes of it is luck.",
      figures + course.figures, change)
  }

  /// Initial weights with a deviation of 1 or more, into layers of many inputs.
  private static func expected(_ training: Training) -> [Finding] {
    let settings = training.settings
    guard let name = settings.initializer else { return [] }
    let isLarge = [
      "normal1", "random_normal(1", "stddev=1", "std=1", "n(0,1)", "standard_normal", "randn",
    ].contains {
      name.contains($0)
    }
    guard isLarge,
      training.condition.symptom != .notFinite || settings.learningRate.map({ $0 < 1 }) ?? true
    else { return [] }
    return [
      training.explanation(
        .saturatedInitialization, 0.92,
        "The initial weights have a deviation of 1: sums over many inputs are then so large that units saturate and gradients vanish or explode.",
        ["the initializer is \(name)"] + training.course.figures, change)
    ]
  }

  private static let change = Change(
    "initial weights with a deviation of 1/√(number of inputs)",
    keras: "kernel_initializer=\"glorot_uniform\", or \"he_normal\" for ReLU",
    pytorch:
      "nn.init.xavier_uniform_ (kaiming_normal_ for ReLU), or the layers' own initialisation",
    tracker: "--init-range 0.12")
}
