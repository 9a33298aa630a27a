/// A cost to be minimised: a function of a vector of parameters, with its gradient.
///
/// The optimisers and the gradient checker ask nothing else of a problem, so that a user's own cost
/// function is trained and checked with the same code as the network.
public protocol Objective {
  /// The length of the parameter vector.
  var parameterCount: Int { get }

  /// How many examples the cost is a mean over, at least 1; 1 for a function that is not a mean.
  var exampleCount: Int { get }

  /// The cost at `parameters` (length `parameterCount`). NaN and ±∞ are answers like any other.
  func value(at parameters: [Double]) throws -> Double

  /// The cost at `parameters`, its gradient written over `gradient` (both of length `parameterCount`;
  /// what `gradient` held before means nothing).
  func valueAndGradient(at parameters: [Double], into gradient: inout [Double]) throws -> Double

  /// The cost and gradient as far as the named examples (row numbers from 0) show them: the mean over
  /// them, plus what depends on no example, such as a penalty, as large as in the whole cost. So the
  /// mean over all mini-batches is the whole cost. A function that is not a mean ignores the examples.
  func valueAndGradient(
    at parameters: [Double], examples: ArraySlice<Int>, into gradient: inout [Double]
  ) throws -> Double
}

extension Objective {
  /// One: the objective has no examples.
  public var exampleCount: Int { 1 }

  /// The value and the gradient, by what the objective was made from.
  public func valueAndGradient(
    at parameters: [Double], examples: ArraySlice<Int>, into gradient: inout [Double]
  ) throws -> Double {
    try valueAndGradient(at: parameters, into: &gradient)
  }
}

/// An objective made of two functions, for costs that need no type of their own.
public struct FunctionObjective: Objective {
  /// The length of the parameter vector.
  public let parameterCount: Int
  private let cost: ([Double]) throws -> Double
  private let gradient: ([Double]) throws -> [Double]

  /// - Parameters:
  ///   - parameterCount: the length of the parameter vector
  ///   - cost: the cost at a vector
  ///   - gradient: the claimed gradient at a vector, of the same length
  public init(
    parameterCount: Int, cost: @escaping ([Double]) throws -> Double,
    gradient: @escaping ([Double]) throws -> [Double]
  ) {
    self.parameterCount = parameterCount
    self.cost = cost
    self.gradient = gradient
  }

  /// The value, by what the objective was made from.
  public func value(at parameters: [Double]) throws -> Double { try cost(parameters) }

  /// The value and the gradient, by what the objective was made from.
  public func valueAndGradient(
    at parameters: [Double], into gradient: inout [Double]
  ) throws -> Double {
    gradient = try self.gradient(parameters)
    return try cost(parameters)
  }
}
