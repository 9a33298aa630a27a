import CTrackerKernels
import Testing
import TrackerEngine
import TrackerGradientCheck

@Suite("Difference quotients by following each change through the network")
struct DifferenceTests {
  static let instructions: [TrackerInstructions] = [.baseline, .AVX2, .AVX512]

  @Test("They are those of whole evaluations, to the rounding of these", arguments: everyModel)
  func wholeEvaluations(_ model: NetworkModel) throws {
    let data = try smallDataset()
    let plain = ComplexNetwork(model: model, data: data)
    let parameters = spread(plain.parameterCount, 1.5)
    let cost = try plain.value(at: parameters)
    let objectives = try Self.instructions.map {
      try NetworkObjective(model: model, data: data, instructions: $0, threads: 2)
    }
    for (method, epsilon) in [
      (DifferenceMethod.central, 1e-4), (.forward, 1e-4), (.central, 0.3), (.complexStep, 1e-20),
    ] {
      let whole = try numericalGradient(
        of: plain, at: parameters, method: method, epsilon: epsilon)
      let rounding = 4 * method.roundingError(cost: cost, epsilon: epsilon)
      for objective in objectives {
        let followed = try objective.numericalGradient(
          at: parameters, method: method, epsilon: epsilon)
        #expect(
          largestDifference(followed, whole) <= max(rounding, Self.exactness(model)),
          "\(method) \(epsilon)")
      }
    }
  }

  /// How exact derivatives are. In the clamped cost of sigmoids, log(1 − a) knows 1 − a to 2⁻⁵³ only, and
  /// the logits here go up to 8.
  static func exactness(_ model: NetworkModel) -> Double {
    model.cost == .clamped && model.output == .sigmoid ? 0x1p-53 * 0x1.8p11 : 1e-14
  }

  @Test("Back-propagation agrees with the complex step, for every network", arguments: everyModel)
  func backPropagation(_ model: NetworkModel) throws {
    let objective = try NetworkObjective(model: model, data: smallDataset())
    let parameters = spread(objective.parameterCount, 1.5)
    var gradient: [Double] = []
    _ = try objective.valueAndGradient(at: parameters, into: &gradient)
    let derivatives = try objective.numericalGradient(
      at: parameters, method: .complexStep, epsilon: 1e-20)
    #expect(largestDifference(gradient, derivatives) <= Self.exactness(model))
  }

  @Test("Central differences at 1e-7 are not rounded where whole ones are")
  func precision() throws {
    let objective = try NetworkObjective(
      model: NetworkModel(layerSizes: [64, 100, 10], lambda: 0.5), data: digits(dividedBy: 16))
    let parameters = spread(7510, 0.12)
    let exact = try objective.numericalGradient(
      at: parameters, method: .complexStep, epsilon: 1e-20)
    let central = try objective.numericalGradient(at: parameters, method: .central, epsilon: 1e-7)
    #expect(largestDifference(exact, central) <= 2e-14)
  }

  @Test("The question: saturated and clamped, Θ2 is off by 0.903 in all 1,010 entries, Θ1 in none")
  func question() throws {
    let data = try Dataset.digits()
    let parameters = Initialization.uniform(lower: 0, upper: 3)
      .makeParameters(layerSizes: [64, 100, 10], seed: 0)
    func differences(_ cost: CostForm) throws -> [Double] {
      let objective = try NetworkObjective(
        model: NetworkModel(layerSizes: [64, 100, 10], cost: cost, lambda: 0.5), data: data)
      var gradient: [Double] = []
      _ = try objective.valueAndGradient(at: parameters, into: &gradient)
      let numerical = try objective.numericalGradient(
        at: parameters, method: .central, epsilon: 1e-7)
      return zip(gradient, numerical).map { abs($0 - $1) }
    }
    let clamped = try differences(.clamped)
    #expect(try #require(clamped[..<6500].max()) <= 1e-7)
    #expect(abs(try #require(clamped[6500...].max()) - 0.903171) <= 1e-6)
    #expect(try #require(clamped[6500...].min()) >= 0.898)
    #expect(try #require(try differences(.stable).max()) <= 1e-9)
  }

  @Test("A step that is none is an error", arguments: [0, -1e-4, .nan, .infinity])
  func badStep(_ epsilon: Double) throws {
    let objective = try NetworkObjective(
      model: NetworkModel(layerSizes: [5, 3]), data: smallDataset())
    #expect(throws: GradientCheckError.self) {
      try objective.numericalGradient(
        at: spread(18, 1), method: .central, epsilon: epsilon)
    }
  }
}
