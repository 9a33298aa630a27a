import Testing
import TrackerGradientCheck

/// Faults that were tried only once the rules stood. Where no rule knows them, `unknown` is the answer, not
/// the nearest name.
@Suite("Faults that nobody foresaw")
struct HeldOutTests {
  /// A right gradient, and what is done to it.
  private struct Subject {
    let point: Corpus.Point
    let right: [Double]
    var layout: ParameterLayout { point.network.layout }

    init(_ size: Corpus.Size, seed: UInt64) {
      point = Corpus.Point(
        size, lambda: 0.5, seed: seed, isTrained: seed == 1, unit: seed == 2 ? .tanh : .sigmoid)
      right = point.network.gradient(point.theta)
    }

    func causes(_ analytic: [Double], numerical: [Double]? = nil) -> [Cause] {
      let check = GradientCheck(
        analytic: analytic, numerical: numerical ?? point.numerical, parameters: point.theta,
        layout: layout, method: .central, epsilon: point.epsilon)
      let input = DiagnosisInput(
        check: check, exampleCount: point.network.exampleCount, lambda: point.network.lambda,
        command: "tracker run")
      return diagnose(input).map(\.cause)
    }
  }

  private static let subjects = Corpus.sizes.flatMap { size in
    Corpus.seeds.map { Subject(size, seed: $0) }
  }

  @Test("A unit or a row of inputs that is left out, or everything")
  func leftOut() {
    for subject in Self.subjects {
      let first = subject.layout.blocks[0]
      let unit = subject.right.enumerated().map { index, value in
        index < first.count && index % first.columns == 1 ? 0 : value
      }
      #expect(subject.causes(unit) == [.gradientMissing])
      let row = subject.right.enumerated().map { index, value in
        index / first.columns == 2 ? 0 : value
      }
      #expect(subject.causes(row) == [.gradientMissing])
      #expect(subject.causes(subject.right.map { _ in 0 }) == [.gradientMissing])
    }
  }

  @Test("A clipped gradient")
  func clipped() {
    for subject in Self.subjects {
      let limit = subject.right.map(abs).sorted()[subject.right.count - 6]
      let clipped = subject.right.map { min(max($0, -limit), limit) }
      #expect(subject.causes(clipped) == [.gradientClipped])
    }
  }

  @Test("Another λ, a mean over m − 1, biases that are not averaged, single precision")
  func factors() {
    for subject in Self.subjects {
      let m = Double(subject.point.network.exampleCount)
      var other = subject.point.network
      other.lambda = 0.3
      #expect(subject.causes(other.gradient(subject.point.theta)) == [.regularizationScaled])
      #expect(subject.causes(subject.right.map { $0 * m / (m - 1) }) == [.blockScaled])
      var biases = subject.right
      for (block, offset) in zip(subject.layout.blocks, subject.layout.offsets) {
        for column in 0..<block.columns { biases[offset + column] *= m }
      }
      #expect(subject.causes(biases) == [.missingMean])
      #expect(subject.causes(subject.right.map { Double(Float($0)) }) == [.noFault])
    }
  }

  @Test(
    "A cost without the penalty that the gradient has: named as its double, which it looks like")
  func costWithoutPenalty() {
    for subject in Self.subjects {
      var cost = subject.point.network
      cost.lambda = 0
      let numerical = cost.numericalGradient(subject.point.theta, epsilon: subject.point.epsilon)
      #expect(subject.causes(subject.right, numerical: numerical) == [.regularizationDoubled])
    }
  }

  @Test("A derivative that is not finite")
  func notFinite() {
    for subject in Self.subjects {
      var analytic = subject.right
      analytic[3] = .nan
      #expect(subject.causes(analytic) == [.notFinite])
    }
  }

  @Test(
    "Other examples, other parameters, noise, one wrong entry: not known, or no more than a delta")
  func unexplained() {
    for subject in Self.subjects {
      let theta = subject.point.theta
      var fewer = subject.point.network
      let width = fewer.sizes[0]
      fewer.labels.removeLast(5)
      fewer.inputs.removeLast(5 * width)
      let moved = theta.enumerated().map { $0.element + ($0.offset % 2 == 0 ? 0.05 : -0.05) }
      let vague: Set<Cause> = [.unknown, .wrongOutputDelta]
      #expect(vague.contains(subject.causes(fewer.gradient(theta))[0]))
      #expect(vague.contains(subject.causes(subject.point.network.gradient(moved))[0]))
      var random = TestRandom(seed: 5)
      let noisy = subject.right.map { $0 * random.uniform(0.98, 1.02) }
      #expect(subject.causes(noisy)[0] == .unknown)
      var single = subject.right
      single[7] *= 1.5
      #expect(subject.causes(single)[0] == .unknown)
    }
  }
}
