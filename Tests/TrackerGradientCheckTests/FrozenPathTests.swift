import Testing
import TrackerGradientCheck
import TrackerSystem

/// A backward pass that leaves a path out is the right derivative of a cost in which that path stands still. So are the wrong
/// gradients of these tests made: the costs differ in what they take from θ and what from the point itself.
@Suite("Backward passes that leave something out, and layouts as programs have them")
struct FrozenPathTests {
  /// Two layers, 4 inputs, 5 hidden units z · gate(z), 3 outputs, 12 examples.
  private struct Small {
    enum Output { case softmax, normalised }
    var output = Output.softmax
    /// Whether the gates, or the outputs' mean and deviation, are those of ``point``.
    var isFrozen = false
    let point: [Double]

    static let count = 5 * 4 + 5 + 3 * 5 + 3

    init(output: Output = .softmax) {
      self.output = output
      point = (0..<Self.count).map { sin(Double(7 * $0 + 3)) * 0.7 }
    }

    /// W1 (5 × 4), b1, W2 (3 × 5), b2, each row by row.
    func cost(_ theta: [Double]) -> Double {
      var sum = 0.0
      for example in 0..<12 {
        let x: [Double] = (0..<4).map { cos(Double(5 * example + 3 * $0)) }
        let label = example % 3
        switch output {
        case .softmax:
          let own = outputs(theta, x, gates: isFrozen ? point : theta)
          var all = 0.0
          for output in own { all += exp(output) }
          sum += log(all) - own[label]
        case .normalised:
          let own = outputs(theta, x, gates: theta)
          let standing = isFrozen ? outputs(point, x, gates: point) : own
          let mean = standing.reduce(0, +) / 3
          var variance = 0.0
          for output in standing { variance += (output - mean) * (output - mean) / 3 }
          for unit in 0..<3 {
            let error = (own[unit] - mean) / variance.squareRoot() - (unit == label ? 1 : 0)
            sum += error * error
          }
        }
      }
      return sum / 12
    }

    private func outputs(_ theta: [Double], _ x: [Double], gates: [Double]) -> [Double] {
      func input(_ unit: Int, _ theta: [Double]) -> Double {
        var sum = theta[20 + unit]
        for index in 0..<4 { sum += theta[4 * unit + index] * x[index] }
        return sum
      }
      let hidden = (0..<5).map { input($0, theta) / (1 + exp(-input($0, gates))) }
      return (0..<3).map { unit in
        var sum = output == .softmax ? theta[40 + unit] : 0
        for index in 0..<5 { sum += theta[25 + 5 * unit + index] * hidden[index] }
        return sum
      }
    }

    /// Difference quotients with a step of 10⁻⁵, right to ten digits.
    func derivative() -> [Double] {
      point.indices.map { index in
        var (above, below) = (point, point)
        above[index] += 1e-5
        below[index] -= 1e-5
        return (cost(above) - cost(below)) / 2e-5
      }
    }

    var frozen: Small {
      var copy = self
      copy.isFrozen = true
      return copy
    }
  }

  private static let layout = "W1:5x4,b1:5:own-block,W2:3x5,b2:3:own-block"

  private func findings(
    _ analytic: [Double], _ numerical: [Double], _ theta: [Double]?, layout: String,
    lambda: Double? = nil
  ) throws -> [Finding] {
    let check = GradientCheck(
      analytic: analytic, numerical: numerical, parameters: theta,
      layout: try ParameterLayout(describedBy: layout), method: .central, epsilon: 1e-5)
    return diagnose(
      DiagnosisInput(check: check, exampleCount: 12, lambda: lambda, command: "tracker run"))
  }

  @Test("Gates that are left out of the backward pass are not taken for kinks")
  func gates() throws {
    let small = Small()
    let found = try findings(
      small.frozen.derivative(), small.derivative(), small.point, layout: Self.layout)
    #expect(found[0].cause != .nonSmoothActivation)
    #expect([.hiddenDeltaWrong, .unknown].contains(found[0].cause))
  }

  @Test("A layer norm behind the last layer is not taken for a softmax")
  func layerNorm() throws {
    let small = Small(output: .normalised)
    let (a, n) = (small.frozen.derivative(), small.derivative())
    let found = try findings(
      Array(a.prefix(40)), Array(n.prefix(40)), Array(small.point.prefix(40)),
      layout: "W1:5x4,b1:5:own-block,W2:3x5")
    #expect(found[0].cause == .normalizationBackward)
  }

  @Test("Biases belong to their matrices by name, wherever they stand")
  func biasesByName() throws {
    let small = Small()
    let n = small.derivative()
    let biases = Set(20..<25).union(40..<43)
    let a = n.indices.map { biases.contains($0) ? n[$0] + 0.25 * small.point[$0] : n[$0] }
    let order = Array(20..<25) + Array(40..<43) + Array(0..<20) + Array(25..<40)
    func take(_ vector: [Double]) -> [Double] { order.map { vector[$0] } }
    for names in [
      "b1:5,b2:3,w1:5x4,w2:3x5", "fc1.bias:5,fc2.bias:3,fc1.weight:5x4,fc2.weight:3x5",
      "in/bias:5,out/bias:3,in/kernel:5x4,out/kernel:3x5",
    ] {
      let found = try findings(take(a), take(n), take(small.point), layout: names, lambda: 3)
      #expect(found.map(\.cause) == [.biasRegularized], "\(names)")
    }
  }

  @Test("One layer's derivatives in an array of whole numbers")
  func wholeNumbersOfALayer() throws {
    let small = Small()
    let n = small.derivative().map { 60 * $0 }
    let a = n.indices.map { $0 < 20 ? n[$0].rounded(.towardZero) : n[$0] }
    let found = try findings(a, n, small.point, layout: Self.layout)
    #expect(found.map(\.cause) == [.integerGradient])
  }

  @Test("A block of one entry is no layer of saturated outputs")
  func oneEntry() throws {
    let small = Small()
    let n = small.derivative() + [0.31]
    var a = n
    a[43] *= 0.125
    let found = try findings(a, n, small.point + [0.25], layout: Self.layout + ",alpha:1")
    #expect(!found.contains { $0.cause == .saturatedClampedOutput })
  }

  @Test("Every matrix written by columns is no other penalty")
  func allTransposed() throws {
    let small = Small()
    let n = small.derivative()
    var a = n
    // The two matrices as their transposes are read by rows.
    for (offset, rows, columns) in [(0, 5, 4), (25, 3, 5)] {
      for row in 0..<rows {
        for column in 0..<columns {
          a[offset + column * rows + row] = n[offset + row * columns + column]
        }
      }
    }
    let found = try findings(a, n, small.point, layout: Self.layout)
    #expect(found[0].cause == .transposedBlock)
  }
}
