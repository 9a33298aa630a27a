import CTrackerKernels
import Testing

@Suite("Elementary functions")
struct ElementaryFunctionTests {
  static let instructions: [TrackerInstructions] = [.baseline, .AVX2, .AVX512]

  struct Function: Sendable, CustomTestStringConvertible {
    let name: String
    let kernel: TrackerFunction
    /// The largest error that the header states, in units in the last place.
    let bound: Double
    /// Values at −∞, ∞ and NaN.
    let atInfinities: (Double, Double)
    var testDescription: String { name }
  }

  static let functions = [
    Function(name: "exp", kernel: .exp, bound: 1, atInfinities: (0, .nan)),
    Function(name: "expm1", kernel: .expm1, bound: 2, atInfinities: (-1, .infinity)),
    Function(name: "log", kernel: .log, bound: 1, atInfinities: (.nan, .infinity)),
    Function(name: "log1p", kernel: .log1p, bound: 2, atInfinities: (.nan, .infinity)),
    Function(name: "sigmoid", kernel: .sigmoid, bound: 3, atInfinities: (0, 1)),
    Function(name: "tanh", kernel: .tanh, bound: 3, atInfinities: (-1, 1)),
    Function(name: "softplus", kernel: .softplus, bound: 3, atInfinities: (0, .infinity)),
  ]

  func apply(_ function: TrackerFunction, _ instructions: TrackerInstructions, _ x: [Double])
    -> [Double]
  {
    var out = x
    tracker_apply(function, instructions, x, &out, x.count)
    return out
  }

  @Test(
    "They are as exact as stated, with all instructions", arguments: functions, instructions)
  func errors(_ function: Function, _ instructions: TrackerInstructions) throws {
    let rows = try fixture("functions.csv").filter { $0[0] == function.name }
    let x = rows.compactMap { Double($0[1]) }
    let right = rows.compactMap { Double($0[2]) }
    #expect(x.count >= 60 && x.count == rows.count && right.count == rows.count)
    for (index, result) in apply(function.kernel, instructions, x).enumerated() {
      let error = abs(result - right[index]) / right[index].ulp
      #expect(error <= function.bound, "\(function.name)(\(x[index]))")
    }
  }

  @Test(
    "NaN stays NaN, and infinities have their limits", arguments: functions, instructions)
  func specialValues(_ function: Function, _ instructions: TrackerInstructions) {
    let results = apply(function.kernel, instructions, [-.infinity, .infinity, .nan])
    func isSame(_ a: Double, _ b: Double) -> Bool { a == b || a.isNaN && b.isNaN }
    #expect(isSame(results[0], function.atInfinities.0))
    if function.name != "exp" { #expect(isSame(results[1], function.atInfinities.1)) }
    #expect(results[2].isNaN)
  }

  @Test("At their ends they are what they must be", arguments: instructions)
  func ends(_ instructions: TrackerInstructions) {
    #expect(apply(.exp, instructions, [0, -709, -1e308]) == [1, 0, 0])
    #expect(apply(.expm1, instructions, [0, 710, -1e308]) == [0, .infinity, -1])
    #expect(apply(.log, instructions, [0, 1]) == [-.infinity, 0])
    #expect(apply(.log, instructions, [-1])[0].isNaN)
    #expect(apply(.log1p, instructions, [-1, 0]) == [-.infinity, 0])
    #expect(apply(.log1p, instructions, [-2])[0].isNaN)
    #expect(apply(.sigmoid, instructions, [0, 37, 1e308, -1e308]) == [0.5, 1, 1, 0])
    #expect(apply(.tanh, instructions, [0, 20, -20]) == [0, 1, -1])
    #expect(apply(.softplus, instructions, [1e308, -1e308]) == [1e308, 0])
  }
}
