import Foundation
import Testing
import TrackerGradientCheck

/// How often each fault was given each cause first.
struct ConfusionMatrix {
  private var counts: [String: [String: Int]] = [:]
  private var order: [String] = []

  mutating func count(_ fault: String, as cause: Cause?) {
    if counts[fault] == nil { order.append(fault) }
    counts[fault, default: [:]][cause?.rawValue ?? "nothing", default: 0] += 1
  }

  /// A row for each fault.
  var markdown: String {
    let rows = order.map { fault in
      let named = (counts[fault] ?? [:]).sorted {
        $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key
      }
      let list = named.map { "`\($0.key)` \($0.value)" }.joined(separator: ", ")
      return "| \(fault) | \(list) |"
    }
    return "| fault | named first, times |\n| --- | --- |\n" + rows.joined(separator: "\n")
  }
}

@Suite("A corpus of faults")
struct CorpusTests {
  /// Which a tanh after training hides: its derivative then differs too much from unit to unit for the
  /// shift to be seen; and a point that drifts so little that it looks like another delta.
  private static let held: Set<String> = ["backThroughOtherRows", "neverPutBack"]

  @Test(
    "Every fault is named first, at every size, λ and seed, near the start and after training",
    arguments: Corpus.sizes.indices)
  func everyFault(size: Int) {
    var matrix = ConfusionMatrix()
    for point in Corpus.points(Corpus.sizes[size]) {
      for fault in AnalyticFault.allCases {
        let first = diagnose(point.input([fault])).first?.cause
        matrix.count(fault.rawValue, as: first)
        guard !Self.held.contains(fault.rawValue) else { continue }
        #expect(first == fault.cause, "\(fault) \(point.network.sizes) λ \(point.network.lambda)")
      }
      for fault in NumericalFault.allCases {
        let first = diagnose(point.input(fault)).first?.cause
        matrix.count(fault.rawValue, as: first)
        guard !Self.held.contains(fault.rawValue) else { continue }
        #expect(first == fault.cause, "\(fault) \(point.network.sizes) λ \(point.network.lambda)")
      }
      let right = diagnose(point.input([]))
      matrix.count("none", as: right.first?.cause)
      #expect(right.map(\.cause) == [.noFault])
    }
    guard ProcessInfo.processInfo.environment["TRACKER_PRINT_CONFUSION"] != nil else { return }
    print("\n\(Corpus.sizes[size].layers)\n\n\(matrix.markdown)\n")
  }

  @Test(
    "Two faults at once are both named",
    arguments: [
      (AnalyticFault.missingPenalty, AnalyticFault.missingMean),
      (.missingPenalty, .noActivationDerivative), (.penalisedBias, .lastTransposed),
      (.doubledPenalty, .wrongSign), (.biasColumnKept, .missingMean),
      (.labelsShifted, .missingPenalty), (.biasDropped, .missingPenalty),
      (.noActivationDerivative, .wrongSign), (.missingPenalty, .firstTransposed),
      (.doubledPenalty, .labelsShifted), (.wrongSignInOneLayer, .missingMeanInOneLayer),
    ])
  func twoFaults(first: AnalyticFault, second: AnalyticFault) {
    for size in Corpus.sizes.dropFirst() {
      for seed in Corpus.seeds {
        let point = Corpus.Point(size, lambda: 0.5, seed: seed, isTrained: seed == 1)
        let causes = Set(diagnose(point.input([first, second])).map(\.cause))
        #expect(causes.isSuperset(of: [first.cause, second.cause]), "\(causes)")
      }
    }
  }

  @Test(
    "A kink within ε is named, with and without the activation's name",
    arguments: Corpus.sizes.indices)
  func kink(size: Int) {
    for seed in Corpus.seeds {
      for lambda in Corpus.lambdas {
        let size = Corpus.sizes[size]
        let network = TestNetwork(
          sizes: size.layers, examples: size.examples, seed: seed, lambda: lambda, unit: .relu)
        var theta = network.parameters(seed: seed, -0.4, 0.4)
        let unit = Int(seed) + 1
        // The bias puts one example's unit just above its kink.
        var z = theta[unit]
        for row in 0..<size.layers[0] {
          z += network.inputs[row] * theta[(row + 1) * size.layers[1] + unit]
        }
        theta[unit] -= z - 1e-5
        var input = DiagnosisInput(
          check: GradientCheck(
            analytic: network.gradient(theta),
            numerical: network.numericalGradient(theta, epsilon: 1e-4), parameters: theta,
            layout: network.layout, method: .central, epsilon: 1e-4),
          exampleCount: size.examples, lambda: lambda, command: "tracker run")
        #expect(diagnose(input).map(\.cause) == [.nonSmoothActivation])
        input.activation = "relu"
        #expect(diagnose(input).map(\.cause) == [.nonSmoothActivation])
        input.activation = "tanh"
        #expect(diagnose(input).first?.cause != .nonSmoothActivation)
      }
    }
  }

  @Test(
    "Saturated outputs that are clamped are named before all else, and a stable cost passes",
    arguments: Corpus.sizes.indices)
  func saturated(size: Int) {
    for seed in Corpus.seeds {
      for lambda in Corpus.lambdas {
        let size = Corpus.sizes[size]
        var network = TestNetwork(
          sizes: size.layers, examples: size.examples, seed: seed, scale: 16, lambda: lambda)
        let theta = network.parameters(seed: seed, 3, 18)
        func findings(costForm: String?) -> [Finding] {
          var input = DiagnosisInput(
            check: GradientCheck(
              analytic: network.gradient(theta),
              numerical: network.numericalGradient(theta, epsilon: 1e-6), parameters: theta,
              layout: network.layout, method: .central, epsilon: 1e-6),
            exampleCount: size.examples, lambda: lambda, command: "tracker run")
          input.costForm = costForm
          return diagnose(input)
        }
        network.isClamped = true
        #expect(findings(costForm: nil).first?.cause == .saturatedClampedOutput)
        #expect(findings(costForm: "clamped").last?.cause == .saturatedInitialization)
        network.isClamped = false
        #expect(findings(costForm: "stable").map(\.cause) == [.saturatedInitialization])
      }
    }
  }

  @Test("A fault of the quotients does not hide one of the gradient")
  func bothSides() {
    let point = Corpus.Point(Corpus.sizes[1], lambda: 0.5, seed: 0, isTrained: false)
    var check = point.input([.missingPenalty])
    var sum = 0.0
    let running = point.numerical.map { value in
      sum += value
      return sum
    }
    check.check = GradientCheck(
      analytic: point.network.gradient(point.theta, [.missingPenalty]), numerical: running,
      parameters: point.theta, layout: point.network.layout, method: .central, epsilon: 1e-4)
    let causes = diagnose(check).map(\.cause)
    #expect(Set(causes) == [.perturbationNotRestored, .missingRegularization])
  }

  @Test("Two hundred right gradients raise no alarm")
  func noFalseAlarm() {
    var count = 0
    for unit in TestNetwork.Unit.allCases {
      for output in TestNetwork.Output.allCases {
        for layers in [
          [3, 1], [4, 3], [3, 4, 2], [5, 4, 1], [5, 6, 4], [4, 5, 4, 3], [3, 4, 3, 3, 2],
        ] {
          for seed in 0..<6 as Range<UInt64> {
            // A softmax of one output is a constant.
            guard output == .sigmoid || layers.last != 1 else { continue }
            let lambda = [0, 0.01, 0.5, 3, 50, 0.1][Int(seed)]
            // A ReLU's kinks are kept out by a small step.
            let point = Corpus.Point(
              Corpus.Size(layers: layers, examples: 11), lambda: lambda, seed: seed &+ 40,
              isTrained: seed % 2 == 1, epsilon: unit == .relu ? 1e-7 : 1e-4, unit: unit,
              output: output)
            let findings = diagnose(point.input([]))
            #expect(
              findings.map(\.cause) == [.noFault],
              "\(unit) \(output) \(layers) λ \(lambda): \(findings)")
            count += 1
          }
        }
      }
    }
    #expect(count >= 200)
  }
}
