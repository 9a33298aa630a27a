import TrackerGradientCheck
import TrackerSystem

/// A fully connected network in plain loops, to put faults into: a second implementation, that shares no
/// code with the engine.
struct TestNetwork: Sendable {
  enum Unit: String, CaseIterable, Sendable { case sigmoid, tanh, relu }
  enum Output: String, CaseIterable, Sendable { case sigmoid, softmax }

  var sizes: [Int]
  var unit = Unit.sigmoid
  var output = Output.sigmoid
  var lambda = 0.5
  /// Whether an output of exactly 1 is replaced by 0.999999, as the question's code does.
  var isClamped = false
  /// Row-major, m × inputs.
  var inputs: [Double]
  var labels: [Int]

  var exampleCount: Int { labels.count }
  var layout: ParameterLayout { ParameterLayout(layerSizes: sizes) }
  var parameterCount: Int { layout.count }

  /// A network with random inputs in 0…`scale` and labels that depend on them.
  init(
    sizes: [Int], examples: Int, seed: UInt64, scale: Double = 1, lambda: Double = 0.5,
    unit: Unit = .sigmoid, output: Output = .sigmoid
  ) {
    var random = TestRandom(seed: seed)
    self.sizes = sizes
    self.lambda = lambda
    self.unit = unit
    self.output = output
    let width = sizes[0]
    inputs = (0..<examples * width).map { _ in random.uniform(0, scale) }
    // Skewed and seeded classes, so that no two of them are alike by chance.
    let classes = max(sizes.last ?? 2, 2)
    let inputs = self.inputs
    labels = (0..<examples).map { example in
      let sum = (0..<width).reduce(0.0) { $0 + inputs[example * width + $1] * Double($1 + 1) }
      let place = Int(sum / scale * 1.7) % (classes + 1)
      return place < classes ? place : 0
    }
  }

  /// Uniform weights in `lower`…`upper`.
  func parameters(seed: UInt64, _ lower: Double, _ upper: Double) -> [Double] {
    var random = TestRandom(seed: seed &+ 77)
    return (0..<parameterCount).map { _ in random.uniform(lower, upper) }
  }

  /// `theta` after some steps of gradient descent.
  func trained(_ theta: [Double], steps: Int) -> [Double] {
    var theta = theta
    for _ in 0..<steps {
      let gradient = gradient(theta)
      // A large λ needs a short step.
      let rate = 0.8 / (1 + lambda / Double(exampleCount))
      for index in theta.indices { theta[index] -= rate * gradient[index] }
    }
    return theta
  }

  func target(_ example: Int, _ column: Int, labels: [Int]) -> Double {
    (sizes.last == 1 ? labels[example] == 1 : labels[example] == column) ? 1 : 0
  }

  func activate(_ z: Double) -> Double {
    switch unit {
    case .sigmoid: 1 / (1 + exp(-z))
    case .tanh: tanh(z)
    case .relu: max(z, 0)
    }
  }

  func slope(_ a: Double) -> Double {
    switch unit {
    case .sigmoid: a * (1 - a)
    case .tanh: 1 - a * a
    case .relu: a > 0 ? 1 : 0
    }
  }

  /// The activations of each layer for one example, the inputs first, the output's z last.
  func forward(_ theta: [Double], _ example: Int) -> [[Double]] {
    var layers = [Array(inputs[example * sizes[0]..<(example + 1) * sizes[0]])]
    var offset = 0
    for layer in 1..<sizes.count {
      let columns = sizes[layer]
      var z = Array(theta[offset..<offset + columns])
      offset += columns
      for value in layers[layer - 1] {
        for column in 0..<columns { z[column] += value * theta[offset + column] }
        offset += columns
      }
      layers.append(layer == sizes.count - 1 ? z : z.map(activate))
    }
    return layers
  }

  func outputs(_ z: [Double]) -> [Double] {
    switch output {
    case .sigmoid: return z.map { 1 / (1 + exp(-$0)) }
    case .softmax:
      let largest = z.max() ?? 0
      let powers = z.map { exp($0 - largest) }
      let sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    }
  }

  func dataCost(_ theta: [Double]) -> Double {
    var cost = 0.0
    for example in 0..<exampleCount {
      let z = forward(theta, example)[sizes.count - 1]
      let largest = z.max() ?? 0
      let logSum = output == .softmax ? largest + log(z.reduce(0) { $0 + exp($1 - largest) }) : 0
      for column in z.indices {
        let y = target(example, column, labels: labels)
        if output == .softmax {
          cost -= y * (z[column] - logSum)
        } else if isClamped {
          var a = 1 / (1 + exp(-z[column]))
          if a == 1 { a = 0.999999 }
          cost -= y * log(a) + (1 - y) * log(1 - a)
        } else {
          cost += max(z[column], 0) + log1p(exp(-abs(z[column]))) - y * z[column]
        }
      }
    }
    return cost / Double(exampleCount)
  }

  func penaltyCost(_ theta: [Double]) -> Double {
    var squares = 0.0
    for (block, offset) in zip(layout.blocks, layout.offsets) {
      for index in offset + block.columns..<offset + block.count {
        squares += theta[index] * theta[index]
      }
    }
    return lambda / 2 / Double(exampleCount) * squares
  }

  func cost(_ theta: [Double]) -> Double { dataCost(theta) + penaltyCost(theta) }

  func numericalGradient(_ theta: [Double], epsilon: Double, isForward: Bool = false) -> [Double] {
    var point = theta
    let base = isForward ? cost(theta) : 0
    return theta.indices.map { index in
      point[index] = theta[index] + epsilon
      let above = cost(point)
      point[index] = theta[index] - epsilon
      let below = isForward ? base : cost(point)
      point[index] = theta[index]
      return (above - below) / (isForward ? epsilon : 2 * epsilon)
    }
  }
}

/// SplitMix64, and numbers from it.
struct TestRandom: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x2545_f491_4f6c_dd1d &+ 1 }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func uniform(_ lower: Double, _ upper: Double) -> Double {
    lower + (upper - lower) * Double(next() >> 11) * 0x1p-53
  }
}

/// z of a = σ(z).
func logOdds(_ a: Double) -> Double { log(a / (1 - a)) }

/// What is wrong with the quotients.
enum NumericalFault: String, CaseIterable, Sendable {
  case neverRestored, restoredLate, neverPutBack
  case dividedByEpsilon, tinyEpsilon, hugeEpsilon, oneSided, singlePrecision
}

extension TestNetwork {
  /// Quotients with this fault, the ε they were taken with, and what they are said to be.
  func numericalGradient(
    _ theta: [Double], _ fault: NumericalFault
  ) -> (values: [Double], epsilon: Double, method: DifferenceMethod) {
    let usual = 1e-4
    let right = { numericalGradient(theta, epsilon: usual) }
    switch fault {
    case .neverRestored:
      var sum = 0.0
      return (
        right().map { value in
          sum += value
          return sum
        }, usual, .central
      )
    case .restoredLate:
      let values = right()
      return (values.indices.map { values[$0] + ($0 > 0 ? values[$0 - 1] : 0) }, usual, .central)
    case .neverPutBack:
      // θ[i] += ε; J; θ[i] −= 2ε; J; and on, without θ[i] += ε.
      var point = theta
      let values = theta.indices.map { index in
        point[index] += 0.01
        let above = cost(point)
        point[index] -= 0.02
        return (above - cost(point)) / 0.02
      }
      return (values, 0.01, .central)
    case .dividedByEpsilon: return (right().map { 2 * $0 }, usual, .central)
    case .tinyEpsilon: return (numericalGradient(theta, epsilon: 1e-12), 1e-12, .central)
    case .hugeEpsilon: return (numericalGradient(theta, epsilon: 0.1), 0.1, .central)
    case .oneSided:
      return (numericalGradient(theta, epsilon: 0.01, isForward: true), 0.01, .forward)
    case .singlePrecision:
      let single = theta.map { Float($0) }
      let values = theta.indices.map { index in
        var point = single
        point[index] += 1e-3
        let above = Float(cost(point.map(Double.init)))
        point[index] = single[index] - 1e-3
        return Double((above - Float(cost(point.map(Double.init)))) / 2e-3)
      }
      return (values, 1e-3, .central)
    }
  }
}
