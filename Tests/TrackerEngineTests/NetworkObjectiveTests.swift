import CTrackerKernels
import Testing
import TrackerEngine
import TrackerGradientCheck

@Suite("Cost and gradient of a network")
struct NetworkObjectiveTests {
  static let instructions: [TrackerInstructions] = [.baseline, .AVX2, .AVX512]

  @Test("They are numpy's, for every network and all instructions", arguments: instructions)
  func numpy(_ instructions: TrackerInstructions) throws {
    let rows = try fixture("networks.csv")
    #expect(rows.count == everyModel.count)
    for row in rows {
      let model = NetworkModel(
        layerSizes: row[0].split(separator: "-").compactMap { Int($0) },
        activation: try #require(Activation(rawValue: row[1])),
        output: try #require(OutputActivation(rawValue: row[2])),
        cost: try #require(CostForm(rawValue: row[3])), lambda: 0.7)
      let right = row[4...].compactMap { Double($0) }
      let objective = try NetworkObjective(
        model: model, data: smallDataset(), instructions: instructions, threads: 2)
      let parameters = spread(objective.parameterCount, 1.5)
      var gradient: [Double] = []
      let cost = try objective.valueAndGradient(at: parameters, into: &gradient)
      let measurement = try objective.measure(at: parameters)
      #expect(abs(cost - right[0]) <= 1e-14 * right[0], "\(row[0...3])")
      #expect(measurement.cost == cost)
      #expect(abs(measurement.penalty - right[1]) <= 1e-15)
      #expect(measurement.accuracy == right[2])
      #expect(largestDifference(gradient, Array(right[3...])) <= 1e-15 * 8, "\(row[0...3])")
    }
  }

  @Test("On the digits they are numpy's, saturated or not")
  func digitsAsNumpy() throws {
    for row in try fixture("digits.csv") {
      let isSaturated = row[0].hasPrefix("saturated")
      let objective = try NetworkObjective(
        model: NetworkModel(
          layerSizes: [64, 100, 10], cost: row[0].hasSuffix("clamped") ? .clamped : .stable,
          lambda: 0.5), data: digits(dividedBy: row[0] == "small" ? 16 : 1))
      let parameters =
        isSaturated ? spread(7510, 1.5).map { 1.5 + $0 } : spread(7510, 0.12)
      let right = row[1...].compactMap { Double($0) }
      var gradient: [Double] = []
      let cost = try objective.valueAndGradient(at: parameters, into: &gradient)
      let measurement = try objective.measure(at: parameters)
      #expect(abs(cost - right[0]) <= 1e-13 * right[0])
      #expect(abs(measurement.penalty - right[1]) <= 1e-14 * right[1])
      #expect(measurement.accuracy == right[2])
      let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(norm - right[3]) <= 1e-13 * right[3])
      let some = stride(from: 0, to: 7510, by: 751).map { gradient[$0] }
      #expect(largestDifference(some, Array(right[4...])) <= 1e-14)
      #expect(
        measurement.saturatedFractions == (isSaturated ? [1, 1] : measurement.saturatedFractions))
      #expect(measurement.clampHits == (row[0] == "saturated-clamped" ? 17970 : 0))
    }
  }

  @Test("No bit depends on the number of threads", arguments: [1, 2, 3, 16] as [Int32])
  func threads(_ threads: Int32) throws {
    let model = NetworkModel(layerSizes: [64, 30, 10], lambda: 0.5)
    let data = try digits(dividedBy: 16)
    let one = try NetworkObjective(
      model: model, data: data, instructions: tracker_best_instructions(), threads: 1)
    let many = try NetworkObjective(
      model: model, data: data, instructions: tracker_best_instructions(), threads: threads)
    let parameters = spread(one.parameterCount, 0.5)
    var first: [Double] = []
    var second: [Double] = []
    for _ in 0..<20 {
      let cost = try one.valueAndGradient(at: parameters, into: &first)
      #expect(try many.valueAndGradient(at: parameters, into: &second) == cost)
      #expect(first == second)
    }
    #expect(
      try one.numericalGradient(at: parameters, method: .central, epsilon: 1e-4)
        == many.numericalGradient(at: parameters, method: .central, epsilon: 1e-4))
  }

  @Test("The mean over mini-batches is the whole cost, penalty and all")
  func miniBatchMean() throws {
    let data = try digits(dividedBy: 16).selecting(Array(0..<360))
    let objective = try NetworkObjective(
      model: NetworkModel(layerSizes: [64, 12, 10], lambda: 30), data: data)
    let parameters = spread(objective.parameterCount, 0.4)
    var whole: [Double] = []
    let cost = try objective.valueAndGradient(at: parameters, into: &whole)
    var meanCost = 0.0
    var mean = [Double](repeating: 0, count: whole.count)
    for batch in 0..<10 {
      var part: [Double] = []
      let rows = Array(batch * 36..<(batch + 1) * 36)
      meanCost +=
        try objective.valueAndGradient(at: parameters, examples: rows[...], into: &part) / 10
      for index in mean.indices { mean[index] += part[index] / 10 }
    }
    #expect(abs(meanCost - cost) < 1e-12 * cost)
    #expect(zip(mean, whole).allSatisfy { abs($0 - $1) < 1e-13 })
  }

  @Test("A mini-batch is what a data set of its rows is, but for the penalty")
  func miniBatch() throws {
    let data = try digits(dividedBy: 16)
    let rows = (0..<37).map { $0 * 31 + 5 }
    let model = NetworkModel(layerSizes: [64, 12, 10], lambda: 0)
    let whole = try NetworkObjective(model: model, data: data)
    let part = try NetworkObjective(model: model, data: data.selecting(rows))
    let parameters = spread(whole.parameterCount, 0.4)
    var first: [Double] = []
    var second: [Double] = []
    let cost = try whole.valueAndGradient(at: parameters, examples: rows[...], into: &first)
    #expect(try part.valueAndGradient(at: parameters, into: &second) == cost)
    #expect(first == second)
    #expect(
      try whole.numericalGradient(
        at: parameters, method: .forward, epsilon: 1e-6, examples: rows[...])
        == part.numericalGradient(at: parameters, method: .forward, epsilon: 1e-6))
    #expect(throws: DatasetError.self) {
      try whole.valueAndGradient(at: parameters, examples: [1797][...], into: &first)
    }
  }

  @Test("Probabilities are sums of a softmax to 1, and of sigmoids the share that σ says")
  func probabilities() throws {
    let data = try smallDataset()
    for output in OutputActivation.allCases {
      for cost in CostForm.allCases {
        let objective = try NetworkObjective(
          model: NetworkModel(layerSizes: [5, 3], output: output, cost: cost), data: data)
        var parameters = [Double](repeating: 0, count: 18)
        parameters.replaceSubrange(0..<3, with: [0, 1, -2])
        let first = try Array(objective.probabilities(at: parameters)[0..<3])
        let right =
          output == .sigmoid
          ? [0.5, 0.7310585786300049, 0.11920292202211755]
          : [0.2594964603424191, 0.7053845126982412, 0.035119026959339725]
        #expect(largestDifference(first, right) <= 2e-16)
      }
    }
  }

  @Test("Data that does not fit the network is an error")
  func misfit() throws {
    let data = try smallDataset()
    #expect(throws: DatasetError.self) {
      try NetworkObjective(model: NetworkModel(layerSizes: [4, 3]), data: data)
    }
    #expect(throws: ConfigurationError.self) {
      try NetworkObjective(model: NetworkModel(layerSizes: [5, 0, 3]), data: data)
    }
    #expect(throws: DatasetError.self) {
      try NetworkObjective(model: NetworkModel(layerSizes: [5, 3]), data: data.selecting([]))
    }
  }

  @Test("Infinite parameters give a cost that is not finite, and no crash")
  func notFinite() throws {
    for model in everyModel {
      let objective = try NetworkObjective(model: model, data: smallDataset())
      var parameters = spread(objective.parameterCount, 1)
      parameters[objective.parameterCount - 1] = .nan
      var gradient: [Double] = []
      #expect(try objective.valueAndGradient(at: parameters, into: &gradient).isNaN)
    }
  }
}
