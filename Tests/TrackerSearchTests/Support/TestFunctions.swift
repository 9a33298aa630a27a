import Testing
import TrackerSearch
import TrackerSystem

/// A function to be minimised over a search space; Fixtures/make_fixtures.py has the same ones.
struct TestFunction: Sendable {
  let name: String
  let dimensions: [SearchDimension]
  /// The value at coordinates of those dimensions.
  let value: @Sendable ([Double]) -> Double

  static let all = [sphere, branin, rosenbrock, hartmann, mixed]

  private static func scaled(_ u: Double, _ lower: Double, _ upper: Double) -> Double {
    lower + u * (upper - lower)
  }

  static let sphere = TestFunction(
    name: "sphere", dimensions: Array(repeating: .interval, count: 5)
  ) { u in
    u.reduce(0) { $0 + scaled($1, -5, 5) * scaled($1, -5, 5) }
  }

  static let branin = TestFunction(name: "branin", dimensions: [.interval, .interval]) { u in
    let (x, y) = (scaled(u[0], -5, 10), scaled(u[1], 0, 15))
    let (b, c, t) = (5.1 / (4 * Double.pi * Double.pi), 5 / Double.pi, 1 / (8 * Double.pi))
    let root = y - b * x * x + c * x - 6
    return root * root + 10 * (1 - t) * cos(x) + 10
  }

  static let rosenbrock = TestFunction(
    name: "rosenbrock", dimensions: [.interval, .interval]
  ) { u in
    let (x, y) = (scaled(u[0], -2.048, 2.048), scaled(u[1], -2.048, 2.048))
    return 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x)
  }

  static let hartmann = TestFunction(
    name: "hartmann", dimensions: Array(repeating: .interval, count: 6)
  ) { u in
    let rows: [(alpha: Double, a: [Double], p: [Double])] = [
      (1.0, [10, 3, 17, 3.5, 1.7, 8], [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886]),
      (1.2, [0.05, 10, 17, 0.1, 8, 14], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991]),
      (3.0, [3, 3.5, 1.7, 10, 17, 8], [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650]),
      (3.2, [17, 8, 0.05, 10, 0.1, 14], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381]),
    ]
    return -rows.reduce(0) { sum, row in
      let distance = u.indices.reduce(0) {
        $0 + row.a[$1] * (u[$1] - row.p[$1]) * (u[$1] - row.p[$1])
      }
      return sum + row.alpha * exp(-distance)
    }
  }

  /// Like a network's options: an activation, a learning rate on a logarithmic scale that depends on it, a number of
  /// units, and a weight decay.
  static let mixed = TestFunction(
    name: "mixed", dimensions: [.choice(count: 4), .interval, .interval, .interval]
  ) { u in
    let kind = Int(u[0])
    let rate = scaled(u[1], -5, 0)
    let units = min(max(scaled(u[2], 0.5, 200.5).rounded(), 1), 200)
    let offset = [0.5, 0.2, 0, 2][kind]
    let bestRate = [-0.5, -1.5, -2.5, -3][kind]
    return offset + (rate - bestRate) * (rate - bestRate) + (units - 80) / 60 * (units - 80) / 60
      + 4 * (u[3] - 0.3) * (u[3] - 0.3)
  }
}

extension TestFunction: CustomTestStringConvertible {
  var testDescription: String { name }
}

extension TestFunction {
  /// What TPE tries, one trial after the other.
  func search(seed: UInt64, trials: Int) -> [Observation] {
    let sampler = TreeParzenSampler(dimensions: dimensions, seed: seed)
    var history: [Observation] = []
    for number in 0..<trials {
      let point = sampler.coordinates(trial: number, after: history)
      history.append(Observation(coordinates: point, loss: value(point)))
    }
    return history
  }
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
