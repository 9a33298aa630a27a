import Testing
import TrackerGradientCheck

@Suite("Scratch")
struct Scratch {
  func note(
    _ wrong: inout [String: [String: Int]], _ key: String, _ expected: [Cause], _ f: [Finding]
  ) {
    if Set(f.map(\.cause)) != Set(expected) {
      wrong[key, default: [:]]["\(f.map(\.cause.rawValue))", default: 0] += 1
    }
  }
  func show(_ title: String, _ wrong: [String: [String: Int]]) {
    print("==", title)
    for (k, v) in wrong.sorted(by: { $0.key < $1.key }) { print("  ", k, v) }
  }

  @Test(
    "scratch corpus", arguments: [TestNetwork.Unit.sigmoid, .tanh],
    [TestNetwork.Output.sigmoid, .softmax]) func corpus(
      unit: TestNetwork.Unit, output: TestNetwork.Output
    )
  {
    for size in Corpus.sizes {
      var wrong: [String: [String: Int]] = [:]
      for lambda in Corpus.lambdas {
        for seed in 0..<3 {
          for isTrained in [false, true] {
            let point = Corpus.Point(
              size: size, lambda: lambda, seed: UInt64(seed), isTrained: isTrained, unit: unit,
              output: output)
            let s = isTrained ? "T" : "i"
            for fault in AnalyticFault.allCases {
              note(
                &wrong, "\(fault) \(s)", [Corpus.expected[fault] ?? .unknown],
                diagnose(point.input([fault])))
              var blind = point.input([fault])
              blind.exampleCount = nil
              blind.lambda = nil
              let f = diagnose(blind)
              if !f.contains(where: { $0.cause == Corpus.expected[fault] }) {
                wrong["blind \(fault) \(s)", default: [:]][
                  "\(f.map(\.cause.rawValue))", default: 0] += 1
              }
            }
            let f = diagnose(point.input([]))
            note(&wrong, "right", [.noFault], f)
            for fault in NumericalFault.allCases {
              let n = point.network.numericalGradient(point.theta, fault)
              let c = GradientCheck(
                analytic: point.network.gradient(point.theta), numerical: n.values,
                parameters: point.theta,
                layout: point.network.layout, method: n.method, epsilon: n.epsilon)
              let f = diagnose(
                DiagnosisInput(check: c, exampleCount: point.network.exampleCount, lambda: lambda))
              let expected: [NumericalFault: Cause] = [
                .neverRestored: .perturbationNotRestored, .restoredLate: .perturbationNotRestored,
                .neverPutBack: .perturbationNotRestored, .dividedByEpsilon: .blockScaled,
                .tinyEpsilon: .epsilonTooSmall, .hugeEpsilon: .epsilonTooLarge,
                .oneSided: .epsilonTooLarge, .singlePrecision: .singlePrecision,
              ]
              note(&wrong, "N \(fault) \(s)", [expected[fault]!], f)
            }
            for (a, b) in [
              (AnalyticFault.missingPenalty, AnalyticFault.missingMean),
              (.missingPenalty, .noActivationDerivative), (.penalisedBias, .lastTransposed),
              (.doubledPenalty, .wrongSign), (.biasColumnKept, .missingMean),
              (.labelsShifted, .missingPenalty), (.biasDropped, .missingPenalty),
              (.noActivationDerivative, .wrongSign),
            ] {
              note(
                &wrong, "\(a)+\(b) \(s)", [Corpus.expected[a]!, Corpus.expected[b]!],
                diagnose(point.input([a, b])))
            }
          }
        }
      }
      show("\(unit) \(output) \(size.sizes)", wrong)
    }
  }
}

@Suite("Dbg") struct Dbg {
  @Test("dbg") func dbg() {
    for (unit, output, size, fault) in [(TestNetwork.Unit.tanh, TestNetwork.Output.sigmoid, Corpus.sizes[0], AnalyticFault.penalisedBias), (.sigmoid, .softmax, Corpus.sizes[2], .noActivationDerivative), (.sigmoid, .softmax, Corpus.sizes[2], .absolutePenalty)] {
    for lambda in Corpus.lambdas { for seed in 0..<3 { for t in [false, true] {
      let point = Corpus.Point(size: size, lambda: lambda, seed: UInt64(seed), isTrained: t, unit: unit, output: output)
      let f = diagnose(point.input([fault]))
      if f.contains(where: { $0.cause == .blockScaled }) { print("##", fault, lambda, seed, t); for x in f { print(x.cause, x.evidence) } ; }
    } } }
    }
  }
}
