#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import TrackerOptimization

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
