import TrackerDiagnosis
import TrackerEngine
import TrackerOptimization
import TrackerStore
import TrackerSystem

/// Reads what a run's curves and parameters say of its training, whatever program ran it.
struct TrainingReading {
  private let store: Store
  private let run: Run
  private let metrics: DiagnosedMetrics
  /// The metric that was named as the loss or the accuracy; `nil`: what names tell.
  private let named: String?
  /// What our own engine was started with, and on what; `nil` of other programs.
  private let own: (configuration: RunConfiguration, data: DatasetRecord)?

  /// - Parameter metrics: what the run's metrics are, where that is known already
  init(store: Store, run: Run, metric named: String? = nil, metrics: DiagnosedMetrics? = nil) {
    self.store = store
    self.run = run
    self.named = named
    self.metrics = metrics ?? DiagnosedMetrics(among: Set(run.metrics.keys))
    own = run.dataset.flatMap { data in
      (try? RunConfiguration(parameters: run.parameters)).map { ($0, data) }
    }
  }

  /// What our own engine was started with; `nil` of other programs.
  var ownConfiguration: RunConfiguration? { own?.configuration }

  /// The command that repeats the run, to which a cure is added.
  var command: String {
    if case .text(let preset) = run.parameters["preset"] { return "tracker run --preset \(preset)" }
    let command = run.environment.command
    return command.hasPrefix("tracker run") ? command : "tracker run"
  }

  /// Lends all that is known of the training. Its curves are read as far as `body` looks at them.
  ///
  /// - Parameter facts: what the data are like, where this program trained the run and that is known
  func withEvidence<R>(
    _ facts: TrainingFacts?, _ body: (inout TrainingEvidence) throws -> R
  ) throws -> R {
    try store.withMedians(atMost: Self.mostPoints) { reader in
      var evidence = evidence(reader)
      if let facts { add(facts, to: &evidence) }
      return try body(&evidence)
    }
  }

  /// All that is known of the training but what its data are like; `reader` reads its curves as far as somebody looks at them.
  func evidence(_ reader: MedianReader) -> TrainingEvidence {
    var evidence = TrainingEvidence(settings: settings, framework: framework, command: command)
    addCurves(reader, to: &evidence)
    if own != nil { evidence.penalty = summary("penalty") }
    evidence.gradientNorm = metrics.gradientNorm.flatMap(summary)
    evidence.epochs = metrics.epoch.flatMap { run.metrics[$0] }.flatMap(Self.epochs)
    evidence.games = metrics.games
    evidence.notFinite = metrics.losses.filter { run.metrics[$0]?.last.isFinite == false }
    metrics.layers.read(into: &evidence) { key in
      run.metrics[key].map { [$0.first, $0.last] } ?? []
    }
    evidence.stopReason = StopReason(of: run)
    evidence.ending = run.error ?? run.outcome
    evidence.checkFailed =
      run.gradientChecks.isEmpty ? nil : run.gradientChecks.contains { !$0.passed }
    return evidence
  }

  // MARK: Curves

  /// Curves of more points are read as the middle values of so many spans.
  static let mostPoints = 4000

  private func addCurves(_ reader: MedianReader, to evidence: inout TrainingEvidence) {
    var (loss, accuracy) = (metrics.loss.keys(in: run), metrics.accuracy.key(in: run))
    if let named {
      if KnownMetric(named).isAccuracyLike { accuracy = named } else { loss = [named] }
    }
    func curve(_ key: String?) -> Curve? {
      guard let key, let series = reader.series(run: run.id, metric: key), series.count > 0 else {
        return nil
      }
      return Curve(name: key, series: series, step: series.step)
    }
    /// The one curve, or the sum of several that were recorded together.
    func sum(_ keys: [String]) -> Curve? {
      guard keys.count > 1 else { return curve(keys.first) }
      let series = keys.compactMap { reader.series(run: run.id, metric: $0) }
      guard let count = series.first?.count, count > 0, series.count == keys.count,
        series.allSatisfy({ $0.count == count })
      else { return nil }
      let sums = series.dropFirst().reduce(series[0].first(count)) { sums, addend in
        zip(sums, addend.first(count)).map(+)
      }
      return Curve(name: keys.joined(separator: " + "), series: sums, step: series[0].step)
    }
    evidence.loss = sum(loss)
    evidence.heldOutLoss = sum(metrics.heldOutLoss.keys(in: run))
    evidence.accuracy = curve(accuracy)
    evidence.heldOutAccuracy = curve(metrics.heldOutAccuracy.key(in: run))
    evidence.accuracy?.isScore = named == nil && metrics.accuracy.accuracies.keys.isEmpty
    evidence.heldOutAccuracy?.isScore = metrics.heldOutAccuracy.accuracies.keys.isEmpty
  }

  /// How many epochs a metric counts that begins with 0 or 1, or grows by parts of an epoch.
  private static func epochs(_ epoch: MetricSummary) -> Int? {
    guard epoch.min >= 0, epoch.max.isFinite else { return nil }
    return Int(saturating: epoch.first == 0 ? epoch.max.rounded(.down) + 1 : epoch.max.rounded(.up))
  }

  private func summary(_ key: String) -> CurveSummary? {
    guard let summary = run.metrics[key], summary.count > 0 else { return nil }
    return CurveSummary(
      name: key, first: summary.first, last: summary.last, greatest: summary.max)
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

  private var settings: TrainingSettings {
    guard let own else {
      var settings = TrainingSettings(parameters: run.parameters.mapValues(Self.text))
      if settings.classes == nil { settings.classes = run.dataset?.classes }
      return settings
    }
    // Our own options say more than their names do.
    let configuration = own.configuration.training
    var settings = TrainingSettings()
    settings.lastActivation = configuration.output.rawValue
    settings.hiddenUnits = configuration.hidden
    settings.layerCount = configuration.hidden.isEmpty ? nil : configuration.hidden.count + 1
    settings.hiddenActivations = Array(
      repeating: configuration.activation.rawValue, count: max(1, configuration.hidden.count))
    settings.optimizer = configuration.optimizer.method.rawValue
    settings.epochs = configuration.epochs
    settings.readInitialRange(configuration.initialization.description)
    settings.learningRate = configuration.optimizer.learningRate
    if configuration.optimizer.method == .sgd {
      settings.momentum = configuration.optimizer.momentum
    }
    settings.isClassification = true
    settings.classes = own.data.classes
    settings.outputUnits = own.data.classes
    settings.inputUnits = own.data.features
    settings.trainingExamples = Int(
      saturating: Double(own.data.rows) * (1 - configuration.testFraction))
    settings.penalty = configuration.lambda
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

  /// Adds what the data are like.
  func add(_ facts: TrainingFacts, to evidence: inout TrainingEvidence) {
    guard own != nil else { return }
    evidence.settings.trainingExamples = facts.exampleCount
    evidence.settings.inputs = TrainingSettings.ValueRange(
      least: facts.inputs.least, greatest: facts.inputs.greatest, mean: facts.inputs.mean,
      deviation: facts.inputs.deviation)
    evidence.settings.featureSpread = facts.inputs.featureSpread
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
