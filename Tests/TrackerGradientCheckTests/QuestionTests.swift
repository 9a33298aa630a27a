import Testing
import TrackerGradientCheck

/// The question that the project grew from, at full size, by what is known of it: everything saturated,
/// so that both gradients can be written down.
@Suite("The question")
struct QuestionTests {
  private static let examples = 1797
  private static let penalty = 0.5 / 1797
  /// How often each digit is in the data.
  private static let counts = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]

  /// θ from U(0,3); a − n = 1 − share of the class in all of Θ2; rounding of ulp(J)/2ε in n.
  private func check(tolerance: GradientTolerance = .default) -> GradientCheck {
    let layout = ParameterLayout(layerSizes: [64, 100, 10])
    var random = TestRandom(seed: 3)
    let theta = (0..<layout.count).map { _ in random.uniform(0, 3) }
    var analytic = [Double](repeating: 0, count: layout.count)
    var numerical = analytic
    for (number, (block, offset)) in zip(layout.blocks, layout.offsets).enumerated() {
      for index in 0..<block.count {
        let own = index < block.columns ? 0 : Self.penalty * theta[offset + index]
        let data =
          number == 0
          ? 0 : 1 - Double(Self.counts[index % block.columns]) / Double(Self.examples)
        analytic[offset + index] = own + data
        numerical[offset + index] = own + (random.uniform(0, 1) * 3).rounded(.down) * 3e-8 - 3e-8
      }
    }
    return GradientCheck(
      analytic: analytic, numerical: numerical, parameters: theta, cost: 127.4, layout: layout,
      method: .central, epsilon: 1e-7, tolerance: tolerance)
  }

  @Test("D1 agrees, and all 1,010 derivatives of D2 do not")
  func blocks() {
    let check = check()
    #expect(check.blocks.map(\.failedCount) == [0, 0, 10, 1000])
    #expect(check.blocks[1].maxAbsoluteDifference < 1e-6)
    #expect(abs(check.maxAbsoluteDifference - 0.9032) < 1e-4)
    #expect(check.vacuousBlocks(penalty: Self.penalty).map(\.name) == ["theta1"])
  }

  @Test("The diagnosis is the answer that the asker deserved")
  func answer() throws {
    var input = DiagnosisInput(
      check: check(), exampleCount: Self.examples, lambda: 0.5,
      command: "tracker run --preset saturated-digits")
    input.costForm = "clamped"
    input.initialRange = "0:3"
    input.saturatedFractions = [1, 1]
    input.clampHits = 17970
    let findings = diagnose(input)
    #expect(findings.first?.cause == .saturatedClampedOutput)
    let first = try #require(findings.first)
    #expect(first.summary.contains("no bug") && first.summary.contains("initial range (here 0:3)"))
    #expect(first.confirm.contains("tracker run --preset saturated-digits --init-range 0.12"))
    #expect(first.confirm.contains("tracker run --preset saturated-digits --cost stable"))
    let evidence = first.evidence.joined(separator: "\n")
    #expect(evidence.contains("theta1 (D1) agrees vacuously"))
    #expect(evidence.contains("theta2 (D2): in 10 of 10 columns"))
    #expect(evidence.contains("17970 of 17970"))
    #expect(evidence.contains("TNC, BFGS"))
  }

  @Test("Without λ, m or θ it is named all the same", arguments: [true, false])
  func foreign(hasParameters: Bool) {
    let full = check()
    let bare = GradientCheck(
      analytic: full.analytic, numerical: full.numerical,
      parameters: hasParameters ? full.parameters : nil, layout: full.layout, method: .central,
      epsilon: 1e-7)
    #expect(
      diagnose(DiagnosisInput(check: bare, command: "tracker run")).first?.cause
        == .saturatedClampedOutput)
  }

  @Test("A missing penalty of a thousandth of the derivative does not hide below the tolerance")
  func smallPenalty() {
    let layout = ParameterLayout(layerSizes: [64, 100, 10])
    var random = TestRandom(seed: 4)
    let theta = (0..<layout.count).map { _ in random.uniform(-0.12, 0.12) }
    let data = (0..<layout.count).map { _ in random.uniform(-0.05, 0.05) }
    var numerical = data
    for (block, offset) in zip(layout.blocks, layout.offsets) {
      for index in offset + block.columns..<offset + block.count {
        numerical[index] += Self.penalty * theta[index]
      }
    }
    let check = GradientCheck(
      analytic: data, numerical: numerical, parameters: theta, layout: layout, method: .central,
      epsilon: 1e-4)
    #expect(!check.passed)
    let input = DiagnosisInput(
      check: check, exampleCount: Self.examples, lambda: 0.5, command: "tracker run")
    #expect(diagnose(input).map(\.cause) == [.missingRegularization])
  }

  @Test("A second step decides between truncation, rounding and a fault")
  func secondStep() {
    let point = Corpus.Point(Corpus.sizes[1], lambda: 0.5, seed: 0, isTrained: false)
    func causes(_ analytic: [Double], epsilon: Double) -> [Cause] {
      let once = point.network.numericalGradient(point.theta, epsilon: epsilon)
      var input = DiagnosisInput(
        check: GradientCheck(
          analytic: analytic, numerical: once, parameters: point.theta,
          layout: point.network.layout, method: .central, epsilon: epsilon), command: "tracker run")
      input.secondStep = DiagnosisInput.SecondStep(
        epsilon: 2 * epsilon,
        numerical: point.network.numericalGradient(point.theta, epsilon: 2 * epsilon))
      return diagnose(input).map(\.cause)
    }
    let right = point.network.gradient(point.theta)
    #expect(causes(right, epsilon: 0.05) == [.epsilonTooLarge])
    #expect(causes(right, epsilon: 1e-11) == [.epsilonTooSmall])
    #expect(causes(right.map { -$0 }, epsilon: 1e-4) == [.signError])
  }
}
