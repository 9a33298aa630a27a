@testable import TrackerOptimization
import TrackerSystem

/// Σ 100 (x_(i+1) − x_i²)² + (1 − x_i)².
struct Rosenbrock: Objective {
  let parameterCount: Int

  var start: [Double] { (0..<parameterCount).map { $0.isMultiple(of: 2) ? -1.2 : 1 } }

  func value(at x: [Double]) -> Double {
    var gradient = x
    return valueAndGradient(at: x, into: &gradient)
  }

  func valueAndGradient(at x: [Double], into gradient: inout [Double]) -> Double {
    for index in x.indices { gradient[index] = 0 }
    var cost = 0.0
    for i in 0..<parameterCount - 1 {
      let valley = x[i + 1] - x[i] * x[i]
      let rest = 1 - x[i]
      cost += 100 * valley * valley + rest * rest
      gradient[i] += -400 * x[i] * valley - 2 * rest
      gradient[i + 1] += 200 * valley
    }
    return cost
  }
}

/// ½ Σ c_i (x_i − 1)² with c_i from 1 to `condition` in equal ratios, seen in a rotated basis: the
/// coordinates are reflected by Householder's I − 2 u uᵀ, so that no diagonal scaling solves it.
struct Quadratic: Objective {
  let parameterCount: Int
  let condition: Double

  private func reflect(_ x: inout [Double]) {
    let scale = 1 / Double(parameterCount).squareRoot()
    var product = 0.0
    for index in x.indices { product += (index.isMultiple(of: 2) ? scale : -scale) * x[index] }
    for index in x.indices { x[index] -= 2 * product * (index.isMultiple(of: 2) ? scale : -scale) }
  }

  func value(at x: [Double]) -> Double {
    var gradient = x
    return valueAndGradient(at: x, into: &gradient)
  }

  func valueAndGradient(at x: [Double], into gradient: inout [Double]) -> Double {
    for index in x.indices { gradient[index] = x[index] - 1 }
    reflect(&gradient)
    var cost = 0.0
    for index in x.indices {
      let curvature = pow(condition, Double(index) / Double(parameterCount - 1))
      cost += 0.5 * curvature * gradient[index] * gradient[index]
      gradient[index] *= curvature
    }
    reflect(&gradient)
    return cost
  }
}

extension SplitMix64 {
  /// Numbers in lower..<upper, from the 53 upper bits of each output.
  mutating func uniform(_ lower: Double, _ upper: Double, count: Int) -> [Double] {
    (0..<count).map { _ in lower + (upper - lower) * (Double(next() >> 11) * 0x1p-53) }
  }
}

/// The mean logistic loss over made data, with an L2 penalty; the last parameter is the bias.
struct Logistic: Objective {
  let exampleCount = 200
  let parameterCount = 11
  private let penalty = 1.0
  private let inputs: [[Double]]
  private let labels: [Double]

  init() {
    var generator = SplitMix64(seed: 2026)
    let count = exampleCount
    let numbers = generator.uniform(-1, 1, count: count * 10)
    let noise = generator.uniform(-1, 1, count: count)
    inputs = (0..<count).map { Array(numbers[$0 * 10..<$0 * 10 + 10]) + [1] }
    labels = zip(inputs, noise).map { row, noise in
      var score = noise
      for column in 0..<10 {
        score += 0.3 * Double(column.isMultiple(of: 2) ? column + 1 : -column - 1) * row[column]
      }
      return score > 0 ? 1 : 0
    }
  }

  func value(at x: [Double]) -> Double {
    var gradient = x
    return valueAndGradient(at: x, into: &gradient)
  }

  func valueAndGradient(at x: [Double], into gradient: inout [Double]) -> Double {
    valueAndGradient(at: x, examples: Array(0..<exampleCount)[...], into: &gradient)
  }

  func valueAndGradient(
    at x: [Double], examples: ArraySlice<Int>, into gradient: inout [Double]
  ) -> Double {
    var cost = 0.0
    for column in 0..<10 {
      gradient[column] = penalty / Double(exampleCount) * x[column]
      cost += 0.5 * penalty / Double(exampleCount) * x[column] * x[column]
    }
    gradient[10] = 0
    for example in examples {
      let score = dot(inputs[example], x)
      let label = labels[example]
      cost += (max(score, 0) + log1p(exp(-abs(score))) - label * score) / Double(examples.count)
      axpy((sigmoid(score) - label) / Double(examples.count), inputs[example], &gradient)
    }
    return cost
  }
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
