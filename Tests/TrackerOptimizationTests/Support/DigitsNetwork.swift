import Foundation
import Testing

@testable import TrackerOptimization
import TrackerSystem

/// A plain network of 64 – 12 – 10 sigmoid units with cross-entropy and L2 over the first 500 digits: a
/// second implementation to train, kept apart from the engine's.
///
/// Each unit is a vector over the examples, so that all work is in the module's own `dot` and `axpy`.
struct DigitsNetwork: Objective {
  private static let hidden = 12
  private static let rows = 500
  private static let penalty = 0.5

  let parameterCount = 65 * hidden + (hidden + 1) * 10
  private let inputs: [[Double]]
  private let labels: [[Double]]

  /// Parameters drawn from a range.
  func start(from lower: Double = -0.12, to upper: Double = 0.12) -> [Double] {
    var generator = SplitMix64(seed: 7)
    return generator.uniform(lower, upper, count: parameterCount)
  }

  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Sources/CTrackerEmbedded/Data/digits.csv")
    let text = try String(contentsOf: file, encoding: .utf8)
    let table = try text.split(separator: "\n").prefix(Self.rows).map { line in
      try line.split(separator: ",").map { try #require(Double($0)) }
    }
    let ones = [Double](repeating: 1, count: Self.rows)
    inputs = [ones] + (0..<64).map { column in table.map { $0[column] / 16 } }
    labels = (0..<10).map { digit in table.map { $0[64] == Double(digit) ? 1 : 0 } }
  }

  func value(at x: [Double]) -> Double {
    var gradient = x
    return valueAndGradient(at: x, into: &gradient)
  }

  func valueAndGradient(at x: [Double], into gradient: inout [Double]) -> Double {
    let (rows, hidden, split) = (Double(Self.rows), Self.hidden, 65 * Self.hidden)
    let zero = [Double](repeating: 0, count: Self.rows)
    var cost = 0.0
    for index in x.indices {
      let isBias = index < hidden || (split..<split + 10).contains(index)
      gradient[index] = isBias ? 0 : Self.penalty / rows * x[index]
      if !isBias { cost += 0.5 * Self.penalty / rows * x[index] * x[index] }
    }
    var activations = [inputs[0]]
    for unit in 0..<hidden {
      var scores = zero
      for input in 0..<65 { axpy(x[input * hidden + unit], inputs[input], &scores) }
      activations.append(scores.map { 1 / (1 + exp(-$0)) })
    }
    var inner = [[Double]](repeating: zero, count: hidden + 1)
    for output in 0..<10 {
      var delta = zero
      for unit in 0...hidden { axpy(x[split + unit * 10 + output], activations[unit], &delta) }
      for row in delta.indices {
        let (score, label) = (delta[row], labels[output][row])
        let tail = exp(-abs(score))
        cost += (max(score, 0) + log1p(tail) - label * score) / rows
        delta[row] = ((score > 0 ? 1 : tail) / (1 + tail) - label) / rows
      }
      for unit in 0...hidden {
        gradient[split + unit * 10 + output] += dot(activations[unit], delta)
        axpy(x[split + unit * 10 + output], delta, &inner[unit])
      }
    }
    for unit in 1...hidden {
      for row in zero.indices {
        inner[unit][row] *= activations[unit][row] * (1 - activations[unit][row])
      }
      for input in 0..<65 { gradient[input * hidden + unit - 1] += dot(inputs[input], inner[unit]) }
    }
    return cost
  }
}
