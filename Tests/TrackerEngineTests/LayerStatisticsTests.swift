import CTrackerKernels
import Testing
import TrackerEngine
import TrackerGradientCheck
import TrackerOptimization
import TrackerSystem

extension TrainerTests {
  @Test("Dead units, the outputs' deviation and the update ratios are those of a plain computation")
  func layerStatistics() throws {
    func train(epochs: Int) throws -> Record {
      try self.train {
        $0.activation = .relu
        $0.hidden = [12]
        $0.optimizer.method = .gd
        $0.optimizer.learningRate = 0.05
        $0.epochs = epochs
        $0.check.schedule = .never
        $0.testFraction = 0
      }
    }
    let record = try train(epochs: 3)
    let last = try #require(record.epochs.last)
    let before = try #require(record.epochs.dropLast().last)
    #expect(before["updateRatio.1"] != nil && record.epochs[0]["updateRatio.1"] == nil)
    let one = try train(epochs: 1)
    let first = try #require(one.parameters)
    // The weights of the first layer, behind its biases.
    let weights = 12..<65 * 12
    func length(_ values: some Sequence<Double>) -> Double {
      values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let change = weights.map { first[$0] - record.start[$0] }
    let ratio = length(change) / length(first[weights])
    #expect(abs(try #require(one.epochs.last?["updateRatio.1"]) - ratio) < 1e-12)

    // By hand: outputs and activations of every example at the end.
    let data = try Dataset.digits()
    let theta = try #require(record.parameters)
    var sums = [Double](repeating: 0, count: 10)
    var squares = sums
    var greatest = [Double](repeating: 0, count: 12)
    for row in 0..<data.rowCount {
      let x = data.features[row * 64..<(row + 1) * 64].map { $0 / 16 }
      var a = Array(theta[..<12])
      for i in 0..<64 {
        for j in 0..<12 { a[j] += x[i] * theta[12 + i * 12 + j] }
      }
      for j in 0..<12 { a[j] = max(0, a[j]) }
      for j in 0..<12 { greatest[j] = max(greatest[j], a[j]) }
      let offset = 65 * 12
      for k in 0..<10 {
        var z: Double = theta[offset + k]
        for j in 0..<12 { z += a[j] * theta[offset + 10 + j * 10 + k] }
        let p: Double = 1 / (1 + exp(-z))
        sums[k] += p
        squares[k] += p * p
      }
    }
    let m = Double(data.rowCount)
    let deviation =
      (0..<10).reduce(0.0) { $0 + (squares[$1] / m - (sums[$1] / m) * (sums[$1] / m)).squareRoot() }
      / 10
    #expect(abs(try #require(last["outputDeviation"]) - deviation) < 1e-10)
    #expect(last["dead.1"] == Double(greatest.count { $0 == 0 }) / 12)
  }

  @Test("ReLUs that no input reaches are counted as dead", arguments: [Int32(1), 3])
  func deadUnits(_ threads: Int32) throws {
    let model = NetworkModel(layerSizes: [64, 9, 10], activation: .relu)
    let objective = try NetworkObjective(
      model: model, data: Dataset.digits(), instructions: tracker_best_instructions(),
      threads: threads)
    var parameters = [Double](repeating: 0.01, count: model.layout.count)
    // Biases that no pixels make up for.
    for unit in [0, 4, 8] { parameters[unit] = -1e6 }
    let measurement = try objective.measure(at: parameters)
    #expect(measurement.deadFractions == [3.0 / 9])
    #expect(measurement.outputDeviation > 0)
    parameters = [Double](repeating: 0, count: model.layout.count)
    let same = try objective.measure(at: parameters)
    #expect(same.deadFractions == [1])
    #expect(same.outputDeviation == 0)
  }
}
