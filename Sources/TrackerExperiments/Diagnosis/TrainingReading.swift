import TrackerDiagnosis
import TrackerEngine
import TrackerOptimization
import TrackerStore
import TrackerSystem

/// Reads what a run's curves and parameters say of its training, whatever program ran it.
struct TrainingReading {
  private let store: Store
  private let run: Run
  private let metrics: [KnownMetric]
  /// The metric that was named as the loss or the accuracy; `nil`: what names tell.
  private let named: String?
  /// What our own engine was started with, and on what; `nil` of other programs.
  private let own: (configuration: TrainingConfiguration, data: DatasetRecord)?

  init(store: Store, run: Run, metric named: String? = nil) {
    self.store = store
    self.run = run
    self.named = named
    metrics = run.metrics.keys.sorted().map(KnownMetric.init)
    own = run.dataset.flatMap { data in
      (try? RunConfiguration(parameters: run.parameters)).map { ($0.training, data) }
    }
  }

  /// - Parameters:
  ///   - training: the run made ready again, where this program trained it: it tells the inputs' scale
  ///   - command: a command that repeats it
  func evidence(_ training: RecordedTraining?, command: String) throws -> TrainingEvidence {
    var evidence = TrainingEvidence(
      settings: settings(training), framework: framework, command: command)
    let chosen = chosenCurves
    evidence.loss = try curve(chosen.loss)
    evidence.heldOutLoss = try curve(chosen.heldOutLoss)
    evidence.accuracy = try curve(chosen.accuracy)
    evidence.heldOutAccuracy = try curve(chosen.heldOutAccuracy)
    if own != nil { evidence.penalty = try curve("penalty") }
    evidence.gradientNorm = try curve(
      metrics.first { $0.quantity == .norm && !$0.key.contains("/") && $0.key != "stepLength" }?.key
    )
    evidence.games = games
    evidence.notFinite = metrics.filter { metric in
      guard metric.quantity == .loss || metric.quantity == .error,
        let last = run.metrics[metric.key]?.last
      else {
        return false
      }
      return !last.isFinite
    }.map(\.key)
    for (key, summary) in run.metrics.sorted(by: { $0.key < $1.key })
    where TrainingEvidence.isLayerStatistic(key) {
      evidence.add(layerStatistic: key, values: [summary.first, summary.last])
    }
    evidence.sortLayers()
    evidence.stopReason = StopReason(of: run)
    evidence.ending = run.error ?? run.outcome
    evidence.checkFailed =
      run.gradientChecks.isEmpty ? nil : run.gradientChecks.contains { !$0.passed }
    return evidence
  }

  // MARK: Curves

  private var chosenCurves:
    (loss: String?, heldOutLoss: String?, accuracy: String?, heldOutAccuracy: String?)
  {
    func best(_ isHeldOut: Bool, _ accept: (KnownMetric) -> Bool) -> String? {
      metrics.filter { metric in
        let held = metric.role == .validation || metric.role == .test
        return held == isHeldOut && accept(metric) && !TrainingEvidence.isLayerStatistic(metric.key)
      }.min { a, b in
        (a.rank ?? 9, a.wordCount, a.role == nil ? 1 : 0, a.key) < (
          b.rank ?? 9, b.wordCount, b.role == nil ? 1 : 0, b.key
        )
      }?.key
    }
    func loss(_ isHeldOut: Bool) -> String? {
      best(isHeldOut) { $0.quantity == .loss && ($0.rank ?? 9) < 8 }
        ?? best(isHeldOut) { $0.quantity == .error }
    }
    func accuracy(_ isHeldOut: Bool) -> String? {
      best(isHeldOut) { $0.quantity == .accuracy }
        ?? best(isHeldOut) { metric in
          guard metric.quantity == .score, metric.rank == 1, let summary = run.metrics[metric.key]
          else { return false }
          return summary.min >= 0 && summary.max <= 1
        }
    }
    var chosen = (
      loss: loss(false), heldOutLoss: loss(true), accuracy: accuracy(false),
      heldOutAccuracy: accuracy(true)
    )
    if let named {
      if KnownMetric(named).isAccuracyLike { chosen.accuracy = named } else { chosen.loss = named }
    }
    return chosen
  }

  /// Curves of more points are read as the middle values of so many spans.
  private static let mostPoints = 4000

  private func curve(_ key: String?) throws -> Curve? {
    guard let key, let summary = run.metrics[key], summary.count > 0 else { return nil }
    let points = try store.medians(run: run.id, metric: key, count: Self.mostPoints)
    return Curve(name: key, steps: points.map { Double($0.step) }, values: points.map(\.value))
  }

  /// Metrics of rewards, and losses of networks that play against each other.
  private var games: [String] {
    func words(_ key: String) -> Set<String> { Set(MetricName(key).words) }
    let rewards = metrics.map(\.key).filter {
      !words($0).isDisjoint(with: [
        "reward", "rewards", "rew", "return", "returns", "episodic", "episode",
      ])
    }
    let players = metrics.filter { $0.quantity == .loss }.map(\.key).filter {
      !words($0).isDisjoint(with: [
        "d", "g", "disc", "gen", "discriminator", "generator", "critic", "actor", "policy", "adv",
        "adversarial", "gan",
      ])
    }
    return rewards + (players.count > 1 ? players : [])
  }

  // MARK: Parameters

  private var framework: Framework {
    if own != nil { return .tracker }
    let keys = Set(run.parameters.keys)
    func text(_ keys: String...) -> String {
      keys.compactMap { key in run.parameters[key].map(Self.text) }.joined(separator: " ")
    }
    if !keys.isDisjoint(with: ["hidden_layer_sizes", "learning_rate_init", "alpha", "solver"]) {
      return .scikitLearn
    }
    let loss = text("loss", "criterion", "loss_fn", "loss_function")
    if loss.hasSuffix("Loss") || keys.contains("criterion") { return .pytorch }
    let isKeras = ["crossentropy", "mean_squared_error", "mean_absolute_error", "mse", "mae"]
      .contains { loss.contains($0) }
    return isKeras || run.metrics.keys.contains { $0.hasPrefix("val_") } ? .keras : .unknown
  }

  private func settings(_ training: RecordedTraining?) -> TrainingSettings {
    guard let own else {
      var settings = TrainingSettings(parameters: run.parameters.mapValues(Self.text))
      if settings.classes == nil { settings.classes = run.dataset?.classes }
      return settings
    }
    // Our own options say more than their names do.
    let configuration = own.configuration
    var settings = TrainingSettings(parameters: [
      "activation": configuration.activation.rawValue, "output": configuration.output.rawValue,
      "hidden": configuration.hidden.map { String($0) }.joined(separator: ","),
      "optimizer": configuration.optimizer.method.rawValue,
      "epochs": String(configuration.epochs), "initRange": configuration.initialization.description,
    ])
    settings.learningRate = configuration.optimizer.learningRate
    if configuration.optimizer.method == .sgd {
      settings.momentum = configuration.optimizer.momentum
    }
    settings.isClassification = true
    settings.classes = own.data.classes
    settings.outputUnits = own.data.classes
    settings.inputUnits = own.data.features
    settings.trainingExamples =
      training?.trainer.trainingExampleCount
      ?? Int(saturating: Double(own.data.rows) * (1 - configuration.testFraction))
    settings.penalty = configuration.lambda
    if let inputs = training?.trainer.inputFacts {
      settings.inputs = TrainingSettings.ValueRange(
        least: inputs.least, greatest: inputs.greatest, mean: inputs.mean,
        deviation: inputs.deviation)
      settings.featureSpread = inputs.featureSpread
    }
    settings.isFullBatch = !configuration.optimizer.method.isMiniBatch
    let classes = Double(max(2, own.data.classes))
    // The cost is a sum over outputs: of a softmax ln K, of K sigmoids K times the entropy of one class's share.
    let share = 1 / classes
    settings.targets = TrainingSettings.ValueRange(
      least: 0, greatest: 1, mean: share, deviation: (share * (1 - share)).squareRoot())
    settings.guessedLoss =
      configuration.output == .softmax
      ? log(classes) : classes * (-share * log(share) - (1 - share) * log(1 - share))
    return settings
  }

  private static func text(_ value: ParameterValue) -> String {
    switch value {
    case .integer(let value): String(value)
    case .real(let value): String(value)
    case .text(let value): value
    case .boolean(let value): value ? "true" : "false"
    }
  }
}
