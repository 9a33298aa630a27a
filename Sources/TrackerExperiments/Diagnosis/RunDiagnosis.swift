import TrackerDiagnosis
import TrackerEngine
package import TrackerGradientCheck
package import TrackerStore

/// What is likely wrong with a run: all that the store knows of it, put before the rules.
package struct RunDiagnosis {
  private let store: Store
  private let run: Run

  private let metric: String?

  /// - Parameter metric: the loss or the accuracy, where names do not tell
  package init(store: Store, run: Run, metric: String? = nil) {
    self.store = store
    self.run = run
    self.metric = metric
  }

  /// The findings, likeliest first.
  ///
  /// The check that is looked at is the last one that failed, or else the last one. Of a run that this
  /// program trained, difference quotients with another step are made again when something differs, which tells
  /// rounding from truncation.
  package func findings() throws -> [Finding] {
    let reading = TrainingReading(store: store, run: run, metric: metric)
    var input = DiagnosisInput(command: reading.command)
    input.lambda = real("lambda")
    input.activation = text("activation")
    input.costForm = text("cost")
    input.initialRange = text("initRange")
    input.exampleCount = integer("examples")
    let training = try? RecordedTraining(run)
    if let training { input.exampleCount = training.trainer.trainingExampleCount }
    let record = run.gradientChecks.last { !$0.passed } ?? run.gradientChecks.last
    if let record, let vectors = try store.vectors(ofCheck: record.id) {
      let check = try gradientCheck(record, vectors, training)
      input.check = check
      input.saturatedFractions = try saturation(at: record.step)
      input.clampHits = try value("clampHits", at: record.step).map { Int(saturating: $0) }
      if let training, let parameters = check.parameters, !check.passed {
        // A smaller step where truncation may be to blame, a larger one where rounding may be.
        let epsilon = check.epsilon >= 1e-5 ? check.epsilon / 2 : check.epsilon * 2
        input.secondStep = DiagnosisInput.SecondStep(
          epsilon: epsilon,
          numerical: try training.trainer.numericalGradient(
            at: parameters, method: check.method, epsilon: epsilon))
      }
      if training == nil { addContext(of: record, vectors, to: &input) }
    }
    let trainings = try reading.withEvidence(training.map(TrainingFacts.init)) {
      diagnoseTraining($0)
    }
    return Self.together(input.check == nil ? [] : diagnose(input), trainings)
  }

  /// The findings of its curves, parameters and layers alone, which cost no more than reading them.
  package func trainingFindings() throws -> [Finding] {
    let facts = (try? RecordedTraining(run)).map(TrainingFacts.init)
    return try TrainingReading(store: store, run: run, metric: metric).withEvidence(facts) {
      diagnoseTraining($0)
    }
  }

  /// What both say: faults, or that there is none.
  private static func together(_ gradients: [Finding], _ trainings: [Finding]) -> [Finding] {
    func faults(_ findings: [Finding]) -> [Finding] {
      findings.filter { $0.cause.isFault && $0.likelihood > 0 }
    }
    var found = faults(gradients)
    found.merge(faults(trainings))
    if !found.isEmpty { return found.likeliestFirst }
    guard var agreed = gradients.first else { return trainings }
    if let curves = trainings.first, curves.cause == .noFault { agreed.evidence += curves.evidence }
    return [agreed]
  }

  /// What came with a check of foreign code.
  private func addContext(
    of record: GradientCheckRecord, _ vectors: GradientCheckRecord.Vectors,
    to input: inout DiagnosisInput
  ) {
    let context = record.context
    input.command = nil
    input.exampleCount = context.exampleCount ?? input.exampleCount
    input.lambda = context.lambda ?? input.lambda
    input.activation = context.activation ?? input.activation
    input.costKind = context.costForm
    input.costs = context.costs
    input.elementTypes.analytic = context.analyticType
    input.elementTypes.numerical = context.numericalType
    input.elementTypes.parameters = context.parametersType
    if let numerical = vectors.secondNumerical, let epsilon = context.secondEpsilon {
      input.secondStep = DiagnosisInput.SecondStep(epsilon: epsilon, numerical: numerical)
    }
  }

  private func gradientCheck(
    _ record: GradientCheckRecord, _ vectors: GradientCheckRecord.Vectors,
    _ training: RecordedTraining?
  ) throws -> GradientCheck {
    let layout = try training?.trainer.model.layout ?? self.layout(of: record)
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
  private func layout(of record: GradientCheckRecord) throws -> ParameterLayout {
    if let layout = record.context.layout { return try ParameterLayout(describedBy: layout) }
    let bias = text("bias").flatMap(BiasPlacement.init(rawValue:)) ?? .firstRow
    var blocks: [ParameterBlock] = []
    for block in record.blocks where blocks.last?.name != block.name {
      blocks.append(
        ParameterBlock(name: block.name, rows: block.rows, columns: block.columns, bias: bias))
    }
    return ParameterLayout(blocks)
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
