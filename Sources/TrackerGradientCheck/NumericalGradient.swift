public import TrackerOptimization
public import TrackerValues

/// An objective that can be evaluated in the complex plane too, so that it can be differentiated by
/// a complex step. It must be analytic: no absolute values, no comparisons of its argument.
public protocol ComplexObjective: Objective {
  /// The cost at complex parameters; for real ones the same as ``Objective/value(at:)``.
  func value(at parameters: [ComplexNumber]) throws -> ComplexNumber
}

/// Why a function cannot be differentiated as asked.
public enum GradientCheckError: ExplainedError, Hashable {
  /// The step is not a positive number that changes a parameter.
  case invalidEpsilon(Double)
  /// The point does not have the length that the objective asks for.
  case lengthDiffers(expected: Int, found: Int)
  /// A complex step needs a ``ComplexObjective``.
  case notComplex

  /// What it says in words.
  public var description: String {
    switch self {
    case .invalidEpsilon(let epsilon):
      "\(epsilon) is not a step to differentiate with: it must be above 0 and large enough to change θ"
    case .lengthDiffers(let expected, let found):
      "the function has \(expected) parameters, the point \(found)"
    case .notComplex:
      "a complex step needs a function of complex parameters (ComplexObjective): use central"
    }
  }

  /// What sort of trouble it is.
  public var kind: ExplainedErrorKind { .usage }
}

/// The derivative of any function with respect to every parameter, by whole evaluations: two a
/// parameter, or one for `forward` and `complexStep`.
///
/// The quotient is divided by the step that was really made, (θ + ε) − (θ − ε), which rounding makes
/// differ from 2ε.
///
/// - Parameters:
///   - objective: the function
///   - parameters: the point, of length `objective.parameterCount`
///   - progress: told after each parameter how many of how many are done; what it throws ends the work
/// - Throws: ``GradientCheckError``, and what `objective` and `progress` throw
public func numericalGradient(
  of objective: some Objective, at parameters: [Double], method: DifferenceMethod = .central,
  epsilon: Double, progress: ((_ done: Int, _ count: Int) throws -> Void)? = nil
) throws -> [Double] {
  var differences = try DifferenceQuotients(
    of: objective, at: parameters, method: method, epsilon: epsilon)
  var gradient: [Double] = []
  gradient.reserveCapacity(parameters.count)
  for index in parameters.indices {
    gradient.append(try differences.derivative(index))
    try progress?(index + 1, parameters.count)
  }
  return gradient
}

/// Checks the gradient that an objective claims against difference quotients of its own whole costs, so
/// that a fault of its cost cannot hide.
///
/// - Parameters:
///   - layout: how the vector is cut into matrices; `nil`: one column without a bias
///   - progress: told after each parameter how many of how many are done
/// - Throws: ``GradientCheckError``, and what `objective` and `progress` throw
public func checkGradient<Function: Objective>(
  of objective: Function, at parameters: [Double], layout: ParameterLayout? = nil,
  method: DifferenceMethod = .central, epsilon: Double? = nil,
  tolerance: GradientTolerance = .default,
  progress: ((_ done: Int, _ count: Int) throws -> Void)? = nil
) throws -> GradientCheck {
  let clock = ContinuousClock()
  let start = clock.now
  let epsilon = epsilon ?? method.suggestedEpsilon
  let numerical = try numericalGradient(
    of: objective, at: parameters, method: method, epsilon: epsilon, progress: progress)
  var analytic = [Double](repeating: 0, count: parameters.count)
  let cost = try objective.valueAndGradient(at: parameters, into: &analytic)
  guard analytic.count == parameters.count else {
    throw GradientCheckError.lengthDiffers(expected: parameters.count, found: analytic.count)
  }
  let layout =
    layout
    ?? ParameterLayout([
      ParameterBlock(name: "theta", rows: parameters.count, columns: 1, bias: .none)
    ])
  guard layout.count == parameters.count else {
    throw GradientCheckError.lengthDiffers(expected: layout.count, found: parameters.count)
  }
  let elapsed = (clock.now - start).components
  return GradientCheck(
    analytic: analytic, numerical: numerical, parameters: parameters, cost: cost, layout: layout,
    method: method, epsilon: epsilon, tolerance: tolerance,
    rounding: method.roundingError(cost: cost, epsilon: epsilon),
    seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
}

/// Difference quotients of one function at one point, one entry at a time.
struct DifferenceQuotients<Function: Objective> {
  private let objective: Function
  private let method: DifferenceMethod
  private let epsilon: Double
  private var point: [Double]
  private var complexPoint: [ComplexNumber] = []
  private let costAtPoint: Double

  init(
    of objective: Function, at parameters: [Double], method: DifferenceMethod, epsilon: Double
  ) throws {
    guard parameters.count == objective.parameterCount else {
      throw GradientCheckError.lengthDiffers(
        expected: objective.parameterCount, found: parameters.count)
    }
    guard epsilon > 0, epsilon.isFinite else { throw GradientCheckError.invalidEpsilon(epsilon) }
    self.objective = objective
    self.method = method
    self.epsilon = epsilon
    point = parameters
    switch method {
    case .central: costAtPoint = .nan
    case .forward: costAtPoint = try objective.value(at: parameters)
    case .complexStep:
      guard objective is any ComplexObjective else { throw GradientCheckError.notComplex }
      complexPoint = parameters.map { ComplexNumber($0) }
      costAtPoint = .nan
    }
  }

  /// The quotient of entry `index`.
  mutating func derivative(_ index: Int) throws -> Double {
    switch method {
    case .central:
      let (above, upper) = try cost(index, by: epsilon)
      let (below, lower) = try cost(index, by: -epsilon)
      return try quotient(above - below, upper - lower)
    case .forward:
      let (above, upper) = try cost(index, by: epsilon)
      return try quotient(above - costAtPoint, upper - point[index])
    case .complexStep:
      guard let objective = objective as? any ComplexObjective else {
        throw GradientCheckError.notComplex
      }
      complexPoint[index].imaginary = epsilon
      defer { complexPoint[index].imaginary = 0 }
      return try objective.value(at: complexPoint).imaginary / epsilon
    }
  }

  private mutating func cost(_ index: Int, by step: Double) throws -> (Double, parameter: Double) {
    let original = point[index]
    defer { point[index] = original }
    point[index] = original + step
    return (try objective.value(at: point), point[index])
  }

  private func quotient(_ difference: Double, _ step: Double) throws -> Double {
    // A step that is lost in θ leaves 0/0; θ itself may be infinite, and then the answer is NaN.
    guard step != 0 else { throw GradientCheckError.invalidEpsilon(epsilon) }
    return difference / step
  }
}
