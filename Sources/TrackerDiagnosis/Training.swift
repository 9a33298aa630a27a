import TrackerGradientCheck

/// A training before the rules: what is known of it, what its course was, how bad it is.
struct Training {
  let evidence: TrainingEvidence
  let course: Course
  let condition: Condition

  var settings: TrainingSettings { evidence.settings }
  var layers: [LayerCurves] { evidence.layers }

  init(_ evidence: TrainingEvidence) {
    self.evidence = evidence
    course = Course(evidence)
    condition = Condition(course)
  }

  /// A finding that explains a training that is bad: the surer that it is, the likelier.
  func explanation(
    _ cause: Cause, _ likelihood: Double, _ summary: String, _ figures: [String], _ change: Change
  ) -> Finding {
    finding(cause, likelihood * condition.badness, summary, figures, change)
  }

  /// A finding that needs no bad curve.
  func finding(
    _ cause: Cause, _ likelihood: Double, _ summary: String, _ figures: [String], _ change: Change
  ) -> Finding {
    Finding(
      cause: cause, likelihood: (likelihood * 100).rounded() / 100, summary: summary,
      evidence: figures.filter { !$0.isEmpty }, confirm: change.words(for: evidence))
  }

  // MARK: What several rules ask

  var isSoftmaxOfOneUnit: Bool { settings.lastActivation == "softmax" && settings.outputUnits == 1 }

  /// Why the targets cannot be reached by the last activation; `nil` where they can, or nobody knows.
  var unreachableTargets: String? {
    guard let activation = settings.lastActivation, let targets = settings.targets,
      !settings.hasSparseLabels,
      !settings.expectsLogits || settings.loss == .squaredError
    else { return nil }
    let slack = 0.02 * (targets.deviation ?? 1)
    let range: (Double, Double)
    switch activation {
    case "sigmoid", "hardsigmoid": range = (0, 1)
    case "softmax" where (settings.outputUnits ?? 2) > 1: range = (0, 1)
    case "tanh", "hardtanh", "softsign": range = (-1, 1)
    case "relu", "softplus", "exponential": range = (0, .infinity)
    case "relu6": range = (0, 6)
    default: return nil
    }
    let isBelow = targets.least.map { $0 < range.0 - slack } ?? false
    let isAbove = targets.greatest.map { $0 > range.1 + slack } ?? false
    guard isBelow || isAbove else { return nil }
    let reach = range.1.isInfinite ? "0 and above" : "\(figure(range.0)) to \(figure(range.1))"
    return
      "\(activation) gives \(reach), and the targets go from \(figure(targets.least ?? .nan)) to "
      + figure(targets.greatest ?? .nan)
  }

  /// How far the inputs are from unit scale around 0: their largest absolute value, or their mean in deviations.
  var inputScale: (bound: Double, figure: String)? {
    guard let inputs = settings.inputs, let bound = inputs.bound else { return nil }
    // Most inputs are of unit scale, and a few lie far out, as of a feature that is nearly always the same.
    if let mean = inputs.mean, let deviation = inputs.deviation,
      mean * mean + deviation * deviation < 4
    {
      return nil
    }
    if let mean = inputs.mean, let deviation = inputs.deviation, deviation > 0,
      abs(mean) > 8 * deviation, bound > 10
    {
      return (
        max(bound, 100), "inputs around \(figure(mean)) with a deviation of \(figure(deviation))"
      )
    }
    return (
      bound, "inputs from \(figure(inputs.least ?? -bound)) to \(figure(inputs.greatest ?? bound))"
    )
  }

  /// How much wider the widest feature is than most, where that is far.
  var drowningSpread: Double? { settings.featureSpread.flatMap { $0 > 100 ? $0 : nil } }

  /// The share of a layer's units that are 0 for every input at the end, in the layer that has most of them.
  var deadUnits: (layer: String, share: Double, atStart: Double?)? {
    layers.compactMap { layer in
      (layer.dead.last ?? layer.zero.last.flatMap { $0 > 0.95 ? $0 : nil }).map {
        (layer.name, $0, layer.dead.first)
      }
    }.max { $0.1 < $1.1 }
  }

  /// Whether no step can help: the answers are the same for all inputs, or most units of a layer are dead.
  var passesNothing: Bool {
    outputShare.map { $0 < 1e-3 } ?? false || deadUnits.map { $0.share > 0.6 } ?? false
  }

  /// Whether any explanation is in the parameters or the layers, so that curves alone need not guess.
  var knowsSettings: Bool {
    settings.optimizer != nil || settings.loss != nil || settings.lastActivation != nil
  }

  /// The share of the largest gradient that the first layer's has, at the end and at the start; `nil` of few layers.
  var firstGradientShare: Double? {
    let norms = layers.filter { !$0.gradientNorm.isEmpty }
    guard norms.count >= 3 else { return nil }
    func share(_ pick: (LayerCurves) -> Double?) -> Double? {
      let values = norms.compactMap(pick)
      guard values.count == norms.count, let greatest = values.max(), greatest > 0,
        greatest.isFinite
      else { return nil }
      return values[0] / greatest
    }
    return [share { $0.gradientNorm.first }, share { $0.gradientNorm.last }].compactMap { $0 }.min()
  }

  /// Whether every gradient is exactly 0, from the start or at the end.
  var hasZeroGradients: (start: Bool, end: Bool) {
    let norms = layers.map(\.gradientNorm).filter { !$0.isEmpty }
    guard !norms.isEmpty else { return (false, false) }
    return (norms.allSatisfy { $0.first == 0 }, norms.allSatisfy { $0.last == 0 })
  }

  /// The outputs' deviation over examples at the end, as a share of the targets'.
  var outputShare: Double? {
    guard let deviation = evidence.outputs.deviation.last ?? layers.last?.deviation.last,
      deviation.isFinite
    else { return nil }
    let targets = settings.targets?.deviation ?? (settings.isClassification == true ? 0.3 : nil)
    guard let targets, targets > 0 else { return nil }
    return deviation / targets
  }
}

/// What to change, in the words of each framework.
struct Change {
  let keras: String
  let pytorch: String
  let scikitLearn: String
  let tracker: String
  let other: String

  /// - Parameters:
  ///   - other: the change in words that suit any program
  ///   - tracker: options for this program's `run`; without them, `other`
  init(
    _ other: String, keras: String? = nil, pytorch: String? = nil, scikitLearn: String? = nil,
    tracker: String? = nil
  ) {
    self.other = other
    self.keras = keras ?? other
    self.pytorch = pytorch ?? other
    self.scikitLearn = scikitLearn ?? other
    self.tracker = tracker ?? ""
  }

  func words(for evidence: TrainingEvidence) -> String {
    switch evidence.framework {
    case .tracker: tracker.isEmpty ? other : "\(evidence.command) \(tracker)"
    case .keras: keras
    case .pytorch: pytorch
    case .scikitLearn: scikitLearn
    case .unknown: other
    }
  }
}
