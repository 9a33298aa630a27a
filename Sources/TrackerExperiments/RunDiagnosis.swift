import TrackerEngine
package import TrackerGradientCheck
package import TrackerStore

/// What is likely wrong with a run: all that the store knows of it, put before the rules.
package struct RunDiagnosis {
  private let store: Store
  private let run: Run

  package init(store: Store, run: Run) {
    self.store = store
    self.run = run
  }

  /// The findings, likeliest first.
  ///
  /// The check that is looked at is the last one that failed, or else the last one. Of a run that this
  /// program trained, difference quotients with the step 2ε are made anew, which tells rounding from
  /// truncation.
  package func findings() throws -> [Finding] {
    var input = DiagnosisInput(command: command)
    input.curves = try curves()
    input.lambda = real("lambda")
    input.activation = text("activation")
    input.costForm = text("cost")
    input.initialRange = text("initRange")
    input.stopReason = run.error ?? run.outcome
    input.exampleCount = integer("examples")
    let training = try? RecordedTraining(run)
    if let training { input.exampleCount = training.trainer.trainingExampleCount }
    let record = run.gradientChecks.last { !$0.passed } ?? run.gradientChecks.last
    if let record, let vectors = try store.vectors(ofCheck: record.id) {
      let check = try gradientCheck(record, vectors, training)
      input.check = check
      input.saturatedFractions = try saturation(at: record.step)
      input.clampHits = try value("clampHits", at: record.step).map { Int($0) }
      if let training, let parameters = check.parameters, !check.passed {
        input.numericalAtTwice = try training.trainer.numericalGradient(
          at: parameters, method: check.method, epsilon: 2 * check.epsilon)
      }
    }
    return diagnose(input)
  }

  /// The command that repeats the run, to which a cure is added.
  private var command: String {
    if let preset = text("preset") { return "tracker run --preset \(preset)" }
    let command = run.environment.command
    return command.hasPrefix("tracker run") ? command : "tracker run"
  }

  private func gradientCheck(
    _ record: GradientCheckRecord, _ vectors: GradientCheckRecord.Vectors,
    _ training: RecordedTraining?
  ) throws -> GradientCheck {
    let layout = training?.trainer.model.layout ?? self.layout(of: record)
    try layout.requireCount(vectors.analytic.count)
    let method = DifferenceMethod(rawValue: record.method) ?? .central
    // A foreign check's quotients were subtracted from whole costs; ours never are.
    let rounding =
      training == nil
      ? record.cost.map { method.roundingError(cost: $0, epsilon: record.epsilon) } ?? 0 : 0
    return GradientCheck(
      analytic: vectors.analytic, numerical: vectors.numerical, parameters: vectors.parameters,
      cost: record.cost, layout: layout, method: method, epsilon: record.epsilon,
      tolerance: GradientTolerance(
        absolute: record.tolerance, relative: record.relativeTolerance), rounding: rounding,
      seconds: record.seconds)
  }

  /// The layout of a check that was recorded from vectors.
  private func layout(of record: GradientCheckRecord) -> ParameterLayout {
    let bias = text("bias").flatMap(BiasPlacement.init(rawValue:)) ?? .firstRow
    var blocks: [ParameterBlock] = []
    for block in record.blocks where blocks.last?.name != block.name {
      blocks.append(
        ParameterBlock(name: block.name, rows: block.rows, columns: block.columns, bias: bias))
    }
    return ParameterLayout(blocks)
  }

  private func curves() throws -> TrainingCurves? {
    guard run.metrics["cost"] != nil else { return nil }
    func series(_ key: String) throws -> [Double] {
      run.metrics[key] == nil ? [] : try store.points(run: run.id, metric: key).map(\.value)
    }
    var curves = TrainingCurves()
    curves.cost = try series("cost")
    curves.penalty = try series("penalty")
    curves.trainAccuracy = try series("trainAccuracy")
    curves.testAccuracy = try series("testAccuracy")
    curves.testCost = try series("testCost")
    curves.gradientNorm = try series("gradientNorm")
    curves.clampHits = try series("clampHits")
    curves.saturated = try saturationKeys.map(series)
    curves.classCount = run.dataset?.classes
    return curves
  }

  private var saturationKeys: [String] {
    (1...).lazy.map { "saturated.\($0)" }.prefix { run.metrics[$0] != nil }.map { $0 }
  }

  private func saturation(at step: Int64) throws -> [Double] {
    try saturationKeys.compactMap { try value($0, at: step) }
  }

  private func value(_ key: String, at step: Int64) throws -> Double? {
    guard run.metrics[key] != nil else { return nil }
    return try store.points(run: run.id, metric: key).first { $0.step == step }?.value
  }

  private func text(_ key: String) -> String? {
    if case .text(let text) = run.parameters[key] { text } else { nil }
  }

  private func real(_ key: String) -> Double? {
    switch run.parameters[key] {
    case .real(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  private func integer(_ key: String) -> Int? {
    if case .integer(let value) = run.parameters[key] { Int(exactly: value) } else { nil }
  }
}
