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
  /// The layers' shapes, such as `65x100,101x10`; `nil`: one row of all.
  package var shapes: String?
  /// Where each layer's bias stands.
  package var bias: BiasPlacement
  /// m, if known.
  package var examples: Int?
  /// λ, if known.
  package var lambda: Double?
  /// ε of the difference quotients.
  package var epsilon: Double
  /// The difference quotient.
  package var method: DifferenceMethod
  /// How far two derivatives may differ.
  package var tolerance: GradientTolerance
  /// J, if known.
  package var cost: Double?

  package init(
    analytic: String, numerical: String, theta: String?, shapes: String?, bias: BiasPlacement,
    examples: Int?, lambda: Double?, epsilon: Double, method: DifferenceMethod,
    tolerance: GradientTolerance, cost: Double?
  ) {
    self.analytic = analytic
    self.numerical = numerical
    self.theta = theta
    self.shapes = shapes
    self.bias = bias
    self.examples = examples
    self.lambda = lambda
    self.epsilon = epsilon
    self.method = method
    self.tolerance = tolerance
    self.cost = cost
  }

  /// Compares the vectors and records the comparison as a run with one check.
  ///
  /// - Throws: ``InputError`` for a file that cannot be read or vectors that do not fit each other;
  ///   nothing is recorded then
  package func record(
    in store: Store, experiment: String, name: String?, environment: RunEnvironment,
    patch: CodePatch = .none
  ) throws -> (run: Int64, check: GradientCheckRecord) {
    let claimed = try VectorFile.read(analytic)
    let quotients = try VectorFile.read(numerical)
    guard claimed.count == quotients.count else {
      throw InputError(
        .malformed,
        "\(analytic) holds \(claimed.count) values and \(numerical) holds \(quotients.count)",
        advice: "Both are one value a parameter, flattened in the same order.")
    }
    let point = try theta.map(VectorFile.read)
    if let theta, let point, point.count != claimed.count {
      throw InputError(
        .malformed, "\(theta) holds \(point.count) values and \(analytic) holds \(claimed.count)")
    }
    let layout =
      try shapes.map { try ParameterLayout(parsing: $0, bias: bias) }
      ?? ParameterLayout([
        ParameterBlock(name: "theta1", rows: 1, columns: claimed.count, bias: .none)
      ])
    try layout.requireCount(claimed.count)
    let check = GradientCheck(
      analytic: claimed, numerical: quotients, parameters: point, cost: cost, layout: layout,
      method: method, epsilon: epsilon, tolerance: tolerance,
      rounding: cost.map { method.roundingError(cost: $0, epsilon: epsilon) } ?? 0)

    let run = try store.startRun(
      RunStart(
        experiment: experiment, name: name, parameters: parameters, environment: environment,
        patch: patch))
    var record = GradientCheckRecord(check, at: CheckMoment(.start, epoch: 0))
    record.id = try run.log(check: record, vectors: GradientCheckRecord.Vectors(check))
    try run.finish(outcome: "Vectors of another program were compared.")
    return (run.id, record)
  }

  private var parameters: [String: ParameterValue] {
    var parameters: [String: ParameterValue] = [
      "source": "vectors", "analytic": .text(analytic), "numerical": .text(numerical),
      "bias": .text(bias.rawValue), "epsilon": .real(epsilon),
      "checkMethod": .text(method.rawValue),
      "checkTolerance": .real(tolerance.absolute),
    ]
    parameters["shapes"] = shapes.map { .text($0) }
    parameters["theta"] = theta.map { .text($0) }
    parameters["examples"] = examples.map { .integer(Int64($0)) }
    parameters["lambda"] = lambda.map { .real($0) }
    return parameters
  }
}
