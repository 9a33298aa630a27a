import Foundation
import TestSupport
import Testing
import TrackerEngine
import TrackerGradientCheck
import TrackerOptimization
import TrackerStore

@testable import TrackerExperiments

/// Trainings of our own engine that are right, over the matrix of its options: none may raise an alarm.
///
/// `TRACKER_HEALTHY_TRAININGS=300 swift test --filter HealthyTrainingTests` tries as many as that.
@Suite("Right trainings of our own engine")
struct HealthyTrainingTests {
  static let count =
    ProcessInfo.processInfo.environment["TRACKER_HEALTHY_TRAININGS"].flatMap(Int.init) ?? 24

  /// The configuration of this number: options drawn at random, ordinary rates.
  private func configuration(_ number: Int) -> RunConfiguration {
    var random = RandomGenerator(seed: UInt64(number) &+ 1)
    func one<T>(_ choices: [T]) -> T { choices[Int(random.next() % UInt64(choices.count))] }
    var configuration = RunConfiguration()
    configuration.training.seed = UInt64(number)
    configuration.training.hidden = one([[12], [25], [60], [25, 15]])
    configuration.training.activation = one([.sigmoid, .tanh, .relu])
    configuration.training.output = one([.sigmoid, .softmax])
    let form: CostForm = one([.stable, .stable, .clamped])
    configuration.training.cost = configuration.training.output == .softmax ? .stable : form
    configuration.training.scale = one([.unit, .standard])
    configuration.training.lambda = one([0, 0.1, 0.5, 1])
    configuration.training.initialization =
      one([
        .glorot, configuration.training.activation == .relu ? .he : .glorot,
        .uniform(lower: -0.12, upper: 0.12),
      ])
    configuration.training.testFraction = one([0.2, 0.2, 0.4, 0])
    configuration.training.optimizer.method = one(OptimizerMethod.allCases.filter { $0 != .bfgs })
    switch configuration.training.optimizer.method {
    case .gd: configuration.training.optimizer.learningRate = one([nil, 0.3, 1])
    case .sgd: configuration.training.optimizer.learningRate = one([nil, 0.01, 0.03])
    case .adam: configuration.training.optimizer.learningRate = one([nil, 0.001, 0.003, 0.01])
    default: break
    }
    configuration.training.optimizer.batchSize = one([16, 32, 128])
    let isMiniBatch = configuration.training.optimizer.method.isMiniBatch
    configuration.training.epochs = isMiniBatch ? one([1, 5, 20, 40]) : one([30, 80, 200])
    configuration.training.patience = one([nil, nil, 10])
    if configuration.training.testFraction == 0 { configuration.training.patience = nil }
    configuration.training.check.schedule = .never
    return configuration
  }

  @Test("no finding of them is likelier than not")
  func noAlarm() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("t.sqlite"))
    let dataset = try Dataset.digits()
    var (healthy, alarms) = (0, [String]())
    for number in 0..<Self.count {
      let configuration = configuration(number)
      let experiment = try Experiment(
        configuration: configuration, dataset: dataset, store: store,
        environment: .current(program: "tracker test"))
      _ = try experiment.run { event in
        // Every fifth is stopped half way and goes on.
        if case .epoch(let epoch) = event, number % 5 == 0 {
          return epoch.epoch == configuration.training.epochs / 2 ? .stop : .proceed
        }
        return .proceed
      }
      if number % 5 == 0, try experiment.record().status == .interrupted {
        _ = try Resumption.experiment(
          of: try experiment.record(), in: store,
          environment: .current(program: "tracker test")
        ).run { _ in .proceed }
      }
      let run = try experiment.record()
      let right = run.metrics["testAccuracy"]?.last ?? run.metrics["trainAccuracy"]?.last ?? 0
      let findings = try RunDiagnosis(store: store, run: run).trainingFindings()
      let faults = findings.filter { $0.cause.isFault && $0.likelihood > 0.5 }
      guard right >= 0.9 else { continue }
      healthy += 1
      if !faults.isEmpty {
        alarms.append(
          "\(number): \(run.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")) "
            + "\(right): "
            + faults.map { "\($0.cause.rawValue) \($0.likelihood)" }.joined(separator: ", "))
      }
    }
    print("right: \(healthy) of \(Self.count) trainings; alarms: \(alarms.count)")
    #expect(alarms.isEmpty, "\(alarms.joined(separator: "\n"))")
    #expect(healthy * 2 > Self.count)
  }
}
