import TrackerGradientCheck

/// Networks and points to put faults into.
enum Corpus {
  struct Size: Sendable {
    let sizes: [Int]
    let examples: Int
  }

  static let sizes = [
    Size(sizes: [4, 5, 3], examples: 17), Size(sizes: [7, 8, 4], examples: 29),
    Size(sizes: [9, 8, 6, 5], examples: 31),
  ]
  static let lambdas = [0.1, 0.5, 2]

  static let expected: [AnalyticFault: Cause] = [
    .missingMean: .missingMean, .missingMeanInOneLayer: .missingMean, .averagedTwice: .missingMean,
    .missingPenalty: .missingRegularization, .missingPenaltyInOneLayer: .missingRegularization,
    .doubledPenalty: .regularizationDoubled, .halvedPenalty: .regularizationScaled,
    .penaltyOfWrongSign: .regularizationScaled, .penaltyNotAveraged: .regularizationNotAveraged,
    .penalisedBias: .biasRegularized, .skipsLastRow: .biasRegularized,
    .absolutePenalty: .regularizationForm, .noActivationDerivative: .missingActivationDerivative,
    .otherActivationDerivative: .missingActivationDerivative,
    .derivativeAtZ: .missingActivationDerivative, .biasColumnKept: .biasColumnMisaligned,
    .backThroughOtherRows: .biasColumnMisaligned, .firstTransposed: .transposedBlock,
    .lastTransposed: .transposedBlock, .layersSwapped: .transposedBlock,
    .rowsReversed: .transposedBlock, .columnsReversed: .transposedBlock, .wrongSign: .signError,
    .wrongSignInOneLayer: .signError, .biasDropped: .biasGradientMissing,
    .labelsShifted: .labelsMisencoded, .labelsPermuted: .labelsMisencoded,
    .squaredError: .wrongOutputDelta, .timesOutputs: .blockScaled, .oneLayerScaled: .blockScaled,
    .inputsScaled: .inputsDiffer, .onesColumnLast: .biasColumnMisaligned,
  ]

  /// One network at one place, with its quotients.
  struct Point {
    let network: TestNetwork
    let theta: [Double]
    let epsilon: Double
    let numerical: [Double]

    init(
      size: Size, lambda: Double, seed: UInt64, isTrained: Bool, epsilon: Double = 1e-4,
      unit: TestNetwork.Unit = .sigmoid, output: TestNetwork.Output = .sigmoid
    ) {
      let network = TestNetwork(
        sizes: size.sizes, examples: size.examples, seed: seed, lambda: lambda, unit: unit,
        output: output)
      var theta = network.parameters(seed: seed, -0.4, 0.4)
      if isTrained {
        for _ in 0..<25 {
          let gradient = network.gradient(theta)
          for index in theta.indices { theta[index] -= 0.8 * gradient[index] }
        }
      }
      self.network = network
      self.theta = theta
      self.epsilon = epsilon
      numerical = network.numericalGradient(theta, epsilon: epsilon)
    }

    func check(_ analytic: [Double], numerical: [Double]? = nil) -> GradientCheck {
      GradientCheck(
        analytic: analytic, numerical: numerical ?? self.numerical, parameters: theta,
        layout: network.layout, method: .central, epsilon: epsilon)
    }

    func input(_ faults: Set<AnalyticFault>, numerical: [Double]? = nil) -> DiagnosisInput {
      DiagnosisInput(
        check: check(network.gradient(theta, faults), numerical: numerical),
        exampleCount: network.exampleCount, lambda: network.lambda)
    }
  }
}
