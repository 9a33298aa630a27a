import TrackerEngine
package import TrackerGradientCheck
package import TrackerStore

/// A gradient check of code that is not ours: its vectors come from files.
package struct ForeignCheck: Sendable {
  /// The file of the claimed derivatives.
  package var analytic: String
  /// The file of the difference quotients.
  package var numerical: String
  /// The file of the parameters, if any.
  package var theta: String?
  /// How the vectors are cut into matrices; `nil`: not known, and all is one block.
  package var layout: ParameterLayout?
  /// m, if known.
  package var examples: Int?
  /// λ, if known.
  package var lambda: Double?
  /// The hidden layers' activation, if known.
  package var activation: String?
  /// What the cost is, if known.
  package var costForm: String?
  /// ε of the difference quotients.
  package var epsilon: Double
  /// The difference quotient.
  package var method: DifferenceMethod
  /// How far two derivatives may differ.
  package var tolerance: GradientTolerance
  /// J at the parameters, once for each time that it was evaluated.
  package var costs: [Double]
  /// Another step, and the file of the quotients that were taken with it.
  package var second: (epsilon: Double, numerical: String)?

  package init(
    analytic: String, numerical: String, theta: String? = nil, layout: ParameterLayout? = nil,
    epsilon: Double, method: DifferenceMethod = .central, tolerance: GradientTolerance = .default,
    costs: [Double] = []
  ) {
    self.analytic = analytic
    self.numerical = numerical
    self.theta = theta
    self.layout = layout
    self.epsilon = epsilon
    self.method = method
    self.tolerance = tolerance
    self.costs = costs
  }

  /// Compares the vectors and records the comparison as a run with one check.
  ///
  /// - Throws: ``InputError`` for a file that cannot be read or vectors that do not fit each other;
  ///   nothing is recorded then
  package func record(
    in store: Store, experiment: String, name: String?, environment: RunEnvironment,
    patch: CodePatch = .none
  ) throws -> (run: Int64, check: GradientCheckRecord) {
    let claimed = try VectorFile(analytic)
    let quotients = try VectorFile(numerical)
    let point = try theta.map(VectorFile.init)
    let secondQuotients = try second.map { try VectorFile($0.numerical) }
    for other in [quotients, point, secondQuotients].compactMap({ $0 })
    where other.values.count != claimed.values.count {
      throw InputError(
        .malformed,
        "\(other.path) holds \(other.values.count) values and \(analytic) holds \(claimed.values.count)",
        advice: "All are one value a parameter, flattened in the same order.")
    }
    let layout = layout ?? ParameterLayout(plain: claimed.values.count)
    try layout.requireCount(claimed.values.count)
    let cost = costs.first
    let check = GradientCheck(
      analytic: layout.rowMajor(claimed.values), numerical: layout.rowMajor(quotients.values),
      parameters: point.map { layout.rowMajor($0.values) }, cost: cost, layout: layout,
      method: method, epsilon: epsilon, tolerance: tolerance,
      rounding: cost.map { method.roundingError(cost: $0, epsilon: epsilon) } ?? 0)

    let run = try store.startRun(
      RunStart(
        experiment: experiment, name: name, parameters: parameters, environment: environment,
        patch: patch))
    var record = GradientCheckRecord(check, at: CheckMoment(.start, epoch: 0))
    record.context = context(claimed, quotients, point)
    var vectors = GradientCheckRecord.Vectors(check)
    vectors.secondNumerical = secondQuotients.map { layout.rowMajor($0.values) }
    record.id = try run.log(check: record, vectors: vectors)
    try run.finish(outcome: "Vectors of another program were compared.")
    return (run.id, record)
  }

  private func context(
    _ claimed: VectorFile, _ quotients: VectorFile, _ point: VectorFile?
  ) -> GradientCheckRecord.Context {
    var context = GradientCheckRecord.Context()
    context.layout = layout.map(\.description)
    context.exampleCount = examples
    context.lambda = lambda
    context.activation = activation
    context.costForm = costForm
    context.costs = costs
    context.analyticType = claimed.elementType
    context.numericalType = quotients.elementType
    context.parametersType = point?.elementType
    context.secondEpsilon = second?.epsilon
    return context
  }

  private var parameters: [String: ParameterValue] {
    var parameters: [String: ParameterValue] = [
      "source": "vectors", "analytic": .text(analytic), "numerical": .text(numerical),
      "epsilon": .real(epsilon), "checkMethod": .text(method.rawValue),
      "checkTolerance": .real(tolerance.absolute),
    ]
    parameters["layout"] = layout.map { .text($0.description) }
    parameters["theta"] = theta.map { .text($0) }
    parameters["examples"] = examples.map { .integer(Int64($0)) }
    parameters["lambda"] = lambda.map { .real($0) }
    parameters["activation"] = activation.map { .text($0) }
    parameters["costForm"] = costForm.map { .text($0) }
    return parameters
  }
}
