import TrackerGradientCheck

/// Networks and points to put faults into, and the cause that each fault is to be given.
enum Corpus {
  /// A network's layers and how many examples it sees.
  struct Size: Sendable {
    let layers: [Int]
    let examples: Int
  }

  static let sizes = [
    Size(layers: [4, 5, 3], examples: 17), Size(layers: [7, 8, 4], examples: 29),
    Size(layers: [9, 8, 6, 5], examples: 31),
  ]
  static let lambdas = [0.1, 0.5, 2]
  static let seeds: [UInt64] = [0, 1, 2]

  /// One network at one place, with its quotients.
  struct Point {
    let network: TestNetwork
    let theta: [Double]
    let epsilon: Double
    let numerical: [Double]

    init(
      _ size: Size, lambda: Double, seed: UInt64, isTrained: Bool, epsilon: Double = 1e-4,
      unit: TestNetwork.Unit = .sigmoid, output: TestNetwork.Output = .sigmoid
    ) {
      network = TestNetwork(
        sizes: size.layers, examples: size.examples, seed: seed, lambda: lambda, unit: unit,
        output: output)
      theta = network.trained(
        network.parameters(seed: seed, -0.4, 0.4), steps: isTrained ? 25 : 0)
      self.epsilon = epsilon
      numerical = network.numericalGradient(theta, epsilon: epsilon)
    }

    /// A check of the gradient with these faults.
    func input(_ faults: Set<AnalyticFault>) -> DiagnosisInput {
      input(network.gradient(theta, faults), numerical, epsilon, .central)
    }

    /// A check of the right gradient against quotients with this fault.
    func input(_ fault: NumericalFault) -> DiagnosisInput {
      let quotients = network.numericalGradient(theta, fault)
      return input(
        network.gradient(theta), quotients.values, quotients.epsilon, quotients.method)
    }

    private func input(
      _ analytic: [Double], _ numerical: [Double], _ epsilon: Double, _ method: DifferenceMethod
    ) -> DiagnosisInput {
      DiagnosisInput(
        check: GradientCheck(
          analytic: analytic, numerical: numerical, parameters: theta, layout: network.layout,
          method: method, epsilon: epsilon),
        exampleCount: network.exampleCount, lambda: network.lambda, command: "tracker run")
    }
  }

  /// All points of one size: each λ, each seed, near the start and after some training. Units and outputs
  /// take turns.
  static func points(_ size: Size) -> [Point] {
    lambdas.flatMap { lambda in
      seeds.flatMap { seed in
        [false, true].map { isTrained in
          Point(
            size, lambda: lambda, seed: seed, isTrained: isTrained,
            unit: seed % 2 == 0 ? .sigmoid : .tanh, output: lambda == 0.5 ? .softmax : .sigmoid)
        }
      }
    }
  }
}

extension AnalyticFault {
  /// What the diagnosis is to say first.
  var cause: Cause {
    switch self {
    case .missingMean, .missingMeanInOneLayer, .averagedTwice: .missingMean
    case .missingPenalty, .missingPenaltyInOneLayer: .missingRegularization
    case .doubledPenalty: .regularizationDoubled
    case .halvedPenalty: .regularizationScaled
    case .penaltyOfWrongSign: .regularizationSign
    case .penaltyNotAveraged: .regularizationNotAveraged
    case .penalisedBias, .skipsLastRow: .biasRegularized
    case .absolutePenalty: .regularizationForm
    case .noActivationDerivative, .otherActivationDerivative: .missingActivationDerivative
    // No equation tells the derivative at z from any other wrong delta.
    case .derivativeAtZ: .hiddenDeltaWrong
    case .biasColumnKept, .backThroughOtherRows, .onesColumnLast: .biasColumnMisaligned
    case .firstTransposed, .lastTransposed, .layersSwapped, .rowsReversed, .columnsReversed:
      .transposedBlock
    case .wrongSign, .wrongSignInOneLayer: .signError
    case .biasDropped: .biasGradientMissing
    case .labelsShifted, .labelsPermuted: .labelsMisencoded
    case .squaredError: .wrongOutputDelta
    case .timesOutputs, .oneLayerScaled: .blockScaled
    case .inputsScaled: .inputsDiffer
    }
  }
}

extension NumericalFault {
  /// What the diagnosis is to say first.
  var cause: Cause {
    switch self {
    case .neverRestored, .restoredLate, .neverPutBack: .perturbationNotRestored
    case .dividedByEpsilon: .blockScaled
    case .tinyEpsilon: .epsilonTooSmall
    case .hugeEpsilon, .oneSided: .epsilonTooLarge
    case .singlePrecision: .singlePrecision
    }
  }
}
