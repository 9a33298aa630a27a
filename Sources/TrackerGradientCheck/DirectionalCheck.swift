public import TrackerOptimization

/// A check of a whole gradient along random directions: two evaluations each, however many parameters
/// there are. JAX's `check_grads` tests so.
///
/// A fault of a whole layer shows in one direction; a fault of few entries is diluted by √n.
public struct DirectionalCheck: Sendable {
  /// The derivative along one direction.
  public struct Direction: Hashable, Sendable {
    /// g · v, by the claimed gradient.
    public let analytic: Double
    /// (J(θ + εv) − J(θ − εv)) / 2ε, or the method's own quotient.
    public let numerical: Double
    /// Whether they agree.
    public let agrees: Bool
  }

  /// The directions, in the order of the seed.
  public let directions: [Direction]
  /// ‖g‖₂ of the claimed gradient.
  public let gradientNorm: Double
  /// Whether all agree.
  public var passed: Bool { directions.allSatisfy(\.agrees) }
}

/// Checks the gradient that an objective claims along random directions of length 1.
///
/// - Parameters:
///   - count: how many directions
///   - seed: of their entries, ±1/√n (Rademacher)
///   - epsilon: the length of the step along a direction; `nil`: the method's own
/// - Throws: ``GradientCheckError``, and what `objective` throws
public func checkGradientDirections(
  of objective: some Objective, at parameters: [Double], count: Int = 1, seed: UInt64 = 0,
  method: DifferenceMethod = .central, epsilon: Double? = nil,
  tolerance: GradientTolerance = .default
) throws -> DirectionalCheck {
  var gradient = [Double](repeating: 0, count: parameters.count)
  let cost = try objective.valueAndGradient(at: parameters, into: &gradient)
  guard gradient.count == parameters.count else {
    throw GradientCheckError.lengthDiffers(expected: parameters.count, found: gradient.count)
  }
  let epsilon = epsilon ?? method.suggestedEpsilon
  let rounding = method.roundingError(cost: cost, epsilon: epsilon)
  var generator = SplitMix64(seed: seed)
  let length = 1 / Double(max(parameters.count, 1)).squareRoot()
  let directions = try (0..<count).map { _ in
    let direction = parameters.map { _ in generator.next() >> 63 == 0 ? length : -length }
    var quotients = try DifferenceQuotients(
      of: Line(objective: objective, origin: parameters, direction: direction), at: [0],
      method: method, epsilon: epsilon)
    let numerical = try quotients.derivative(0)
    let analytic = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
    return DirectionalCheck.Direction(
      analytic: analytic, numerical: numerical,
      agrees: tolerance.agrees(analytic, numerical, rounding: rounding))
  }
  let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
  return DirectionalCheck(directions: directions, gradientNorm: norm)
}

/// A function of many parameters along one line, t ↦ J(θ + t · v).
private struct Line<Function: Objective>: Objective {
  let objective: Function
  let origin: [Double]
  let direction: [Double]
  var parameterCount: Int { 1 }

  func value(at position: [Double]) throws -> Double {
    try objective.value(at: zip(origin, direction).map { $0 + position[0] * $1 })
  }

  func valueAndGradient(at position: [Double], into gradient: inout [Double]) throws -> Double {
    let point = zip(origin, direction).map { $0 + position[0] * $1 }
    var whole = [Double](repeating: 0, count: point.count)
    let cost = try objective.valueAndGradient(at: point, into: &whole)
    gradient = [zip(whole, direction).reduce(0) { $0 + $1.0 * $1.1 }]
    return cost
  }
}

extension Line: ComplexObjective where Function: ComplexObjective {
  func value(at position: [ComplexNumber]) throws -> ComplexNumber {
    try objective.value(
      at: zip(origin, direction).map { ComplexNumber($0) + position[0] * ComplexNumber($1) })
  }
}
