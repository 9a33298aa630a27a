import Testing
import TrackerGradientCheck

/// Faults that leave the biases right, or that look like others, told apart by what only one of them makes.
@Suite("Faults that look like others")
struct NearMissTests {
  private static let point = Corpus.Point(Corpus.sizes[1], lambda: 0, seed: 1, isTrained: false)
  private static let right = point.network.gradient(point.theta)
  private static let layout = point.network.layout
  /// Where the first layer's weights end, row-major, behind its row of biases.
  private static let first = layout.blocks[0]

  private func findings(
    _ analytic: [Double], numerical: [Double], theta: [Double] = Self.point.theta,
    layout: ParameterLayout = Self.layout
  ) -> [Finding] {
    diagnose(
      DiagnosisInput(
        check: GradientCheck(
          analytic: analytic, numerical: numerical, parameters: theta, layout: layout,
          method: .central, epsilon: 1e-4),
        exampleCount: Self.point.network.exampleCount))
  }

  /// The right gradient with the first layer's weights changed.
  private func withFirstWeights(_ change: (_ row: Int, _ column: Int) -> Double) -> [Double] {
    var vector = Self.right
    for row in 1..<Self.first.rows {
      for column in 0..<Self.first.columns {
        vector[row * Self.first.columns + column] = change(row, column)
      }
    }
    return vector
  }

  private func right(_ row: Int, _ column: Int) -> Double {
    Self.right[row * Self.first.columns + column]
  }

  private func theta(_ row: Int, _ column: Int) -> Double {
    Self.point.theta[row * Self.first.columns + column]
  }

  @Test("Weights of limited norm: of the units that are off the cost does not see the length")
  func limitedNorm() {
    let limited = withFirstWeights { row, column in
      // Some units are within the limit.
      guard column % 2 == 0 else { return right(row, column) }
      let rows = 1..<Self.first.rows
      let along = rows.reduce(0) { $0 + theta($1, column) * right($1, column) }
      let square = rows.reduce(0) { $0 + theta($1, column) * theta($1, column) }
      return 0.8 * (right(row, column) - theta(row, column) * along / square)
    }
    let found = findings(Self.right, numerical: limited)
    #expect(found.map(\.cause) == [.normalizationBackward])
    #expect(found[0].evidence[0].contains("each of the 4 units"))
  }

  @Test("Weights behind a rounding or a sign: their quotients are 0, the biases' are not")
  func flatWeights() {
    let found = findings(Self.right, numerical: withFirstWeights { _, _ in 0 })
    #expect(found.map(\.cause) == [.parametersNotUsed])
    #expect(found[0].summary.contains("a rounding"))
  }

  @Test("Inputs that are scaled and shifted in one of the passes are proven")
  func shiftedInputs() {
    let shifted = withFirstWeights { row, column in
      (1 + 0.2 * Double(row)) * right(row, column) - 0.3 * Self.right[column]
    }
    let found = findings(shifted, numerical: Self.right)
    #expect(found.map(\.cause) == [.inputsDiffer])
    #expect(found[0].likelihood > 0.9)
  }

  @Test("A term of the cost on one layer's weights may be one, and other inputs may: a guess")
  func termOfWeights() {
    let withTerm = withFirstWeights { row, column in
      right(row, column) + 0.01 * theta(Self.first.rows - row, Self.first.columns - 1 - column)
    }
    let found = findings(Self.right, numerical: withTerm)
    #expect(found[0].cause == .unknown || found[0].likelihood < 0.5)
  }

  @Test("Labels of other examples under a single unit leave its bias right: a guess")
  func labelsOfOneUnit() {
    let single = ParameterLayout([
      ParameterBlock(name: "theta", rows: 7, columns: 1, bias: .firstRow)
    ])
    let numerical = Array(Self.right[0..<7])
    let analytic = [numerical[0], 0.03, -0.02, 0.05, 0.01, -0.04, 0.02]
    let found = findings(
      analytic, numerical: numerical, theta: Array(Self.point.theta[0..<7]), layout: single)
    #expect(found[0].likelihood < 0.5)
    #expect(found[0].summary.contains("labels"))
  }

  @Test("Blocks in the order of their sorted names")
  func sortedNames() {
    let blocks = Self.layout.blocks
    // W1, b1, W2, b2, …; and all W before all b.
    let named = blocks.enumerated().flatMap { number, block in
      [
        ParameterBlock(
          name: "W\(number + 1)", rows: block.rows - 1, columns: block.columns, bias: .none),
        ParameterBlock(
          name: "b\(number + 1)", rows: 1, columns: block.columns, bias: .ownBlock),
      ]
    }
    func parts(_ vector: [Double]) -> (weights: [[Double]], biases: [[Double]]) {
      let pairs = zip(blocks, Self.layout.offsets).map { block, offset in
        (
          Array(vector[offset + block.columns..<offset + block.count]),
          Array(vector[offset..<offset + block.columns])
        )
      }
      return (pairs.map(\.0), pairs.map(\.1))
    }
    func asNamed(_ vector: [Double]) -> [Double] {
      let (weights, biases) = parts(vector)
      return zip(weights, biases).flatMap { $0 + $1 }
    }
    let (weights, biases) = parts(Self.right)
    let found = findings(
      weights.flatMap { $0 } + biases.flatMap { $0 }, numerical: asNamed(Self.right),
      theta: asNamed(Self.point.theta), layout: ParameterLayout(named))
    #expect(found.map(\.cause) == [.transposedBlock])
    #expect(found[0].evidence.contains { $0.hasPrefix("b1 stands at") })
  }

  @Test("A softmax that is not the output's: other layers are right")
  func gate() {
    let last = Self.layout.blocks[Self.layout.blocks.count - 1]
    var (analytic, numerical) = (Self.right, Self.right)
    for row in 0..<last.rows {
      let start = Self.right.count - last.count + row * last.columns
      let mean = Self.right[start..<start + last.columns].reduce(0, +) / Double(last.columns)
      for index in start..<start + last.columns {
        numerical[index] -= mean
        analytic[index] = 0.7 * numerical[index] + Double(index % 3) * mean + 0.05
      }
    }
    #expect(findings(analytic, numerical: numerical).map(\.cause) == [.hiddenDeltaWrong])
  }

  // A cost of squares, Σ θ², is what people try first.
  private static let squares = (1...7).map { Double($0) / 3 }

  private func ofSquares(
    _ analytic: [Double], numerical: [Double] = squares.map { 2 * $0 }, costs: [Double] = [],
    second: [Double]? = nil
  ) throws -> [Cause] {
    var input = DiagnosisInput(
      check: GradientCheck(
        analytic: analytic, numerical: numerical, parameters: Self.squares,
        layout: try ParameterLayout(describedBy: "theta:7"), method: .central, epsilon: 1e-2))
    input.costs = costs
    input.secondStep = second.map { DiagnosisInput.SecondStep(epsilon: 2e-2, numerical: $0) }
    return diagnose(input).map(\.cause)
  }

  @Test("A cost that is all squares is no cost whose data part is flat")
  func squares() throws {
    #expect(try ofSquares(Self.squares) == [.blockScaled])
    #expect(try ofSquares(Self.squares.map { 2.2 * $0 }) == [.blockScaled])
    #expect(try ofSquares(Self.squares.map { _ in 0 }) == [.gradientMissing])
  }

  @Test("Noise of a cost that is drawn anew falls with a larger step, too")
  func drawnAnew() throws {
    let noise = [4.0, -7, 2, 9, -5, -3, 6]
    let found = try ofSquares(
      Self.squares.map { 2 * $0 },
      numerical: zip(Self.squares, noise).map { 2 * $0 + $1 }, costs: [1, 1.2],
      second: zip(Self.squares, noise.reversed()).map { 2 * $0 + $1 / 2 })
    #expect(found == [.costNotRepeatable])
  }

  @Test("Derivatives that are whole by nature are not cut off because the quotients are coarse")
  func wholeByNature() throws {
    for quotient in [1.953, 1.5625, 2.047] {
      let found = try ofSquares(
        [Double](repeating: 2, count: 7), numerical: [Double](repeating: quotient, count: 7))
      #expect(!found.contains(.integerGradient))
    }
  }

  @Test(
    "A large factor is a number of examples only if it is a whole number", arguments: [2, 1000.0])
  func largeFactor(factor: Double) throws {
    let exact = try ofSquares(Self.squares.map { 2 * $0 * (50 * factor) })
    let near = try ofSquares(Self.squares.map { 2 * $0 * (50 * factor + 0.04) })
    #expect(exact == [.missingMean] && near == [.blockScaled])
  }
}
