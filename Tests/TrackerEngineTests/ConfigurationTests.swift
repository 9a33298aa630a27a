import Testing
import TrackerEngine
import TrackerGradientCheck
import TrackerOptimization

@Suite("The configuration of a training")
struct ConfigurationTests {
  @Test("Its flat form makes it again")
  func roundTrip() throws {
    var configuration = TrainingConfiguration()
    configuration.hidden = [30, 20]
    configuration.activation = .relu
    configuration.output = .softmax
    configuration.initialization = .uniform(lower: -0.12, upper: 0.12)
    configuration.seed = .max
    configuration.optimizer = OptimizerSettings(
      method: .sgd, learningRate: 0.1, schedule: .step(every: 3, factor: 0.5), momentum: 0.8,
      nesterov: false, batchSize: 17)
    configuration.patience = 7
    configuration.gradient = .forwardDifference
    configuration.dx = 0.25
    configuration.check.schedule = .every(3)
    configuration.check.method = .forward
    configuration.check.epsilon = 1e-5
    configuration.checkpointEvery = 4
    for configuration in [configuration, TrainingConfiguration()] {
      #expect(try TrainingConfiguration(parameters: configuration.parameters) == configuration)
      for (key, value) in configuration.parameters {
        #expect(try TrainingOption.named(key)?.value("\(value)") == value, "\(key)")
      }
    }
  }

  @Test("An option has one spelling for each value, and refuses what is none")
  func spellings() throws {
    func spelling(_ key: String, _ text: String) throws -> String {
      "\(try #require(TrainingOption.named(key)).value(text))"
    }
    #expect(try spelling("initRange", "0.12") == "-0.12:0.12")
    #expect(try spelling("hidden", "300x100") == "300,100")
    #expect(try spelling("lambda", "0.50") == "0.5" && spelling("lambda", "5e-1") == "0.5")
    #expect(try spelling("lambda", "1.0") == "1" && spelling("seed", "007") == "7")
    for (key, text) in [
      ("lambda", "x"), ("epochs", "1.5"), ("seed", "-1"), ("scale", "uni"), ("check", "every=0"),
      ("hidden", "1,,2"), ("hidden", ""), ("nesterov", "1"), ("initRange", "3:0"),
    ] {
      #expect(throws: ConfigurationError.self) { try spelling(key, text) }
    }
  }

  @Test(
    "A method of checking brings its own step, smaller for units with kinks, and a given one wins")
  func step() {
    var configuration = TrainingConfiguration()
    #expect(configuration.checkEpsilon == 1e-4)
    configuration.activation = .relu
    #expect(configuration.checkEpsilon == 1e-7)
    configuration.check.method = .complexStep
    #expect(configuration.checkEpsilon == 1e-20)
    configuration.check.epsilon = 1e-10
    #expect(configuration.checkEpsilon == 1e-10)
  }

  static let mistakes: [(String, @Sendable (inout TrainingConfiguration) -> Void)] = [
    ("testFraction", { $0.testFraction = 1 }), ("testFraction", { $0.testFraction = .nan }),
    ("hidden", { $0.hidden = [] }), ("hidden", { $0.hidden = [3, 0] }),
    ("lambda", { $0.lambda = -1 }), ("lambda", { $0.lambda = .infinity }),
    ("epochs", { $0.epochs = -1 }), ("patience", { $0.patience = 0 }),
    (
      "patience",
      {
        $0.patience = 3
        $0.testFraction = 0
      }
    ),
    ("dx", { $0.dx = 0.1 }),
    (
      "dx",
      {
        $0.gradient = .centralDifference
        $0.dx = 0
      }
    ),
    ("epsilon", { $0.check.epsilon = 0 }), ("epsilon", { $0.check.epsilon = .nan }),
    (
      "epsilon",
      {
        $0.check.method = .complexStep
        $0.check.epsilon = 1e-4
      }
    ),
    ("checkTolerance", { $0.check.tolerance = GradientTolerance(-1) }),
    ("checkpointEvery", { $0.checkpointEvery = 0 }),
    (
      "cost",
      {
        $0.cost = .clamped
        $0.output = .softmax
      }
    ),
  ]

  @Test("An option outside its range is named", arguments: mistakes.indices)
  func namesMistake(_ index: Int) {
    var configuration = TrainingConfiguration()
    Self.mistakes[index].1(&configuration)
    let error = #expect(throws: ConfigurationError.self) { try configuration.validate() }
    #expect(error?.option == Self.mistakes[index].0)
  }

  @Test(
    "Ranges of initial parameters are read and written",
    arguments: [
      ("0.12", "-0.12:0.12"), ("0:3", "0:3"), ("-1:2.5", "-1:2.5"), ("glorot", "glorot"),
      ("he", "he"), ("0", "0:0"),
    ])
  func initialization(_ text: String, _ written: String) throws {
    let initialization = try #require(Initialization(text))
    #expect(initialization.description == written)
    #expect(Initialization(written) == initialization)
  }

  @Test(
    "Texts that are no range are none", arguments: ["", "-1", "3:0", "a", "1:2:3", "0:inf", ":1"])
  func noInitialization(_ text: String) {
    #expect(Initialization(text) == nil)
  }

  @Test("Initial parameters keep to their range, and Glorot's and He's to their variance")
  func distribution() {
    let uniform = Initialization.uniform(lower: 0, upper: 3)
      .makeParameters(layerSizes: [64, 100, 10], seed: 1)
    #expect(uniform.count == 7510)
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 3 })
    #expect(abs(uniform.reduce(0, +) / 7510 - 1.5) < 0.05)
    let glorot = Initialization.glorot.makeParameters(layerSizes: [64, 100, 10], seed: 1)
    #expect(glorot[..<100].allSatisfy { $0 == 0 })
    #expect(glorot[100..<6500].allSatisfy { abs($0) <= (6.0 / 164).squareRoot() })
    let he = Initialization.he.makeParameters(layerSizes: [64, 100, 10], seed: 1)[100..<6500]
    #expect(abs(he.reduce(0) { $0 + $1 * $1 } / 6400 - 2.0 / 64) < 0.003)
  }
}
