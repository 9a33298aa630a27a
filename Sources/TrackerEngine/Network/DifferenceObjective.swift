import TrackerGradientCheck
import TrackerOptimization

/// A network's cost with difference quotients in place of its gradient, to train with.
struct DifferenceObjective: Objective {
  let network: NetworkObjective
  let method: DifferenceMethod
  let step: Double

  var parameterCount: Int { network.parameterCount }
  var exampleCount: Int { network.exampleCount }

  func value(at parameters: [Double]) throws -> Double { try network.value(at: parameters) }

  func valueAndGradient(
    at parameters: [Double], into gradient: inout [Double]
  ) throws -> Double {
    gradient = try network.numericalGradient(at: parameters, method: method, epsilon: step)
    return try network.value(at: parameters)
  }

  func valueAndGradient(
    at parameters: [Double], examples: ArraySlice<Int>, into gradient: inout [Double]
  ) throws -> Double {
    // Back-propagation is passed over; it is the cost that is wanted.
    let cost = try network.valueAndGradient(at: parameters, examples: examples, into: &gradient)
    gradient = try network.numericalGradient(
      at: parameters, method: method, epsilon: step, examples: examples)
    return cost
  }
}
