import Testing
import TrackerGradientCheck

@Suite("Gradient checks")
struct GradientCheckTests {
  private let layout = ParameterLayout(layerSizes: [2, 3, 1])

  private func check(
    _ analytic: [Double], _ numerical: [Double], parameters: [Double]? = nil,
    layout: ParameterLayout? = nil
  ) -> GradientCheck {
    GradientCheck(
      analytic: analytic, numerical: numerical, parameters: parameters,
      layout: layout ?? self.layout, method: .central, epsilon: 1e-4)
  }

  @Test("Each layer is compared in two parts, bias and weights, with the place of the worst entry")
  func blocks() {
    let numerical = (0..<13).map(Double.init)
    var analytic = numerical
    analytic[1] += 0.5
    analytic[7] -= 2
    let check = check(analytic, numerical)
    #expect(check.blocks.map(\.name) == ["theta1", "theta1", "theta2", "theta2"])
    #expect(check.blocks.map(\.part) == [.bias, .weights, .bias, .weights])
    #expect(check.blocks.map(\.checkedCount) == [3, 6, 1, 3])
    #expect(check.blocks.map(\.failedCount) == [1, 1, 0, 0])
    #expect(check.blocks[1].worst?.row == 2)
    #expect(check.blocks[1].worst?.column == 1)
    #expect(check.blocks[1].maxRelativeDifference == 2.0 / 7)
    #expect(check.worst.count == 10)
    #expect(check.worst.prefix(2).map(\.index) == [7, 1])
    #expect(check.failedCount == 2 && check.checkedCount == 13 && !check.passed)
    #expect(check.maxAbsoluteDifference == 2)
  }

  @Test("The bias may be the last row, or none", arguments: [BiasPlacement.lastRow, .none])
  func placement(bias: BiasPlacement) throws {
    let layout = try ParameterLayout(parsing: "3x2", bias: bias)
    let check = check([0, 0, 0, 0, 9, 0], [0, 0, 0, 0, 0, 0], layout: layout)
    #expect(check.blocks.map(\.part) == (bias == .none ? [.weights] : [.bias, .weights]))
    #expect(check.blocks[0].failedCount == 1)
    #expect(check.blocks[0].checkedCount == (bias == .none ? 6 : 2))
  }

  @Test("What is not finite never agrees, and comes first", arguments: [Double.nan, .infinity])
  func notFinite(value: Double) {
    var analytic = [Double](repeating: 1, count: 13)
    var numerical = analytic
    numerical[0] = 5
    analytic[4] = value
    numerical[4] = value
    let check = check(analytic, numerical)
    #expect(check.failedCount == 2)
    #expect(check.worst.prefix(2).map(\.index) == [4, 0])
    #expect(check.maxAbsoluteDifference.isNaN && check.maxRelativeDifference.isNaN)
    #expect(check.blocks[0].maxAbsoluteDifference == 4)
    #expect(check.blocks[1].worst?.index == 4)
  }

  @Test("The tolerance is symmetric, absolute below 1 and relative above")
  func tolerance() {
    let tolerance = GradientTolerance.default
    #expect(tolerance.agrees(0, 0.9e-6) && !tolerance.agrees(0, 1.1e-6))
    #expect(tolerance.agrees(1e6, 1e6 + 0.9) && tolerance.agrees(1e6 + 0.9, 1e6))
    #expect(!tolerance.agrees(1e6, 1e6 + 2))
    #expect(tolerance.agrees(0, 2e-6, rounding: 1.5e-6))
    #expect(!tolerance.agrees(.nan, .nan) && !tolerance.agrees(.infinity, .infinity))
  }

  @Test("A layer whose derivatives are the penalty's alone proves nothing")
  func vacuous() {
    let parameters = (0..<13).map { Double($0 * 7 % 13) / 4 }
    var gradient = parameters.map { $0 * 2.8e-4 }
    gradient.replaceSubrange(0..<3, with: [0, 0, 0])
    gradient[9] = 0.3
    gradient[11] = 0.7
    let check = check(gradient, gradient, parameters: parameters)
    for penalty in [nil, 2.8e-4] {
      let vacuous = check.vacuousBlocks(penalty: penalty)
      #expect(vacuous.map(\.name) == ["theta1"])
      #expect(abs((vacuous.first?.slope ?? 0) - 2.8e-4) < 1e-12)
    }
  }

  @Test("One weight is a multiple of its derivative whatever the data are: that is no penalty")
  func vacuousOfOne() throws {
    let layout = try ParameterLayout(describedBy: "w:1,scale:1")
    for sign in [1.0, -1] {
      let gradient = [-9e8, 3e5 * sign]
      let check = check(gradient, gradient, parameters: [-12, 80], layout: layout)
      #expect(check.vacuousBlocks().isEmpty)
    }
  }

  @Test("A stationary point is not vacuous: there the data's part cancels the penalty's")
  func stationary() {
    let parameters = (0..<13).map { Double($0 * 7 % 13) / 4 }
    let gradient = (0..<13).map { Double($0 * 5 % 13) * 1e-9 }
    let check = check(gradient, gradient, parameters: parameters)
    #expect(check.vacuousBlocks(penalty: 2.8e-4).isEmpty)
    #expect(check.vacuousBlocks().isEmpty)
  }

  @Test("A layout describes blocks by name, shape, order and bias")
  func layouts() throws {
    let text = "W1:3x2:F,b1:3:own-block,conv:4x3x3x3,Theta2:5x4:first-column"
    let layout = try ParameterLayout(describedBy: text)
    #expect(layout.blocks.map(\.name) == ["W1", "b1", "conv", "Theta2"])
    #expect(layout.blocks.map(\.count) == [6, 3, 108, 20])
    #expect(layout.blocks[2].rows == 4 && layout.blocks[2].bias == .none)
    #expect(
      layout.blocks[3].isBias(row: 4, column: 0) && layout.blocks[1].isBias(row: 0, column: 2))
    #expect(try ParameterLayout(describedBy: layout.description) == layout)
    // Octave writes 3 x 2 column by column: 1 2 3 | 4 5 6.
    let first = try ParameterLayout(describedBy: "W1:3x2:F")
    #expect(first.rowMajor([1, 2, 3, 4, 5, 6]) == [1, 4, 2, 5, 3, 6])
  }

  @Test(
    "A layout that says nothing sensible is refused",
    arguments: [
      "W1", "W1:3x0", "W1:3x2:sideways", "W1:3x2,W1:3x2", "b1:3:own-block", ":3x2",
      "W:99999999999x99999999999",
    ])
  func badLayouts(text: String) {
    #expect(throws: ParameterLayoutError.self) { try ParameterLayout(describedBy: text) }
  }

  @Test("Shapes are read as rows × columns")
  func shapes() throws {
    let layout = try ParameterLayout(parsing: "65x100, 101x10", bias: .lastRow)
    #expect(layout.count == 7510)
    #expect(layout.blocks.map(\.name) == ["theta1", "theta2"])
    #expect(layout.blocks[1].isBias(row: 100, column: 3))
    #expect(!layout.blocks[1].isBias(row: 0, column: 3))
    try layout.requireCount(7510)
    #expect(throws: ParameterLayoutError.lengthDiffers(expected: 7510, found: 3)) {
      try layout.requireCount(3)
    }
  }

  @Test(
    "What is no shape is named",
    arguments: [
      "", "65", "65x", "65x100,", "0x3", "-1x3", "3x4x5", "axb", "3 4x5",
      "9223372036854775807x2",
    ])
  func badShapes(text: String) {
    #expect(throws: ParameterLayoutError.self) { try ParameterLayout(parsing: text) }
  }
}
