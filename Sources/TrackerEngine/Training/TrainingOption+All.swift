import TrackerGradientCheck
import TrackerOptimization
import TrackerValues

extension TrainingOption {
  /// Every option, in the order in which help shows them; an option that another one's meaning depends on comes first.
  public static let all: [TrainingOption] = [
    .word("scale", \.scale, "How inputs are scaled", comparability: .cost),
    .real(
      "testFraction", \.testFraction, "The share of each class that is held out",
      comparability: .split,
      rules: [
        .init(legal: "at least 0 and below 1") { $0.testFraction >= 0 && $0.testFraction < 1 }
      ]),
    .seed("splitSeed", \.splitSeed, "The seed of that split", comparability: .split),

    .form(
      "hidden", "Units of each hidden layer", forms: "100, or 300,100, or 300x100",
      spelling: { layers($0).map { $0.map { "\($0)" }.joined(separator: ",") } },
      rules: [
        .init(legal: "1 to 100000 units in each layer") {
          !$0.hidden.isEmpty && $0.hidden.allSatisfy { (1...100_000).contains($0) }
        }
      ], read: { .text($0.hidden.map { "\($0)" }.joined(separator: ",")) },
      write: { training, text in layers(text).map { training.hidden = $0 } != nil }
    ).ranked(4),
    .word("activation", \.activation, "What hidden units make of their input"),
    .word("output", \.output, "What output units make of theirs", comparability: .cost),
    .word(
      "cost", \.cost, "The cost, from the logits or with log(1-a) where a = 1 is replaced",
      comparability: .cost,
      rules: [
        .init(legal: "stable for softmax outputs") { $0.cost == .stable || $0.output == .sigmoid }
      ]
    ).ranked(3),
    .real(
      "lambda", \.lambda, "The weight of the penalty lambda/2m * sum of squares",
      comparability: .cost,
      rules: [
        .init(legal: "a finite number, at least 0") { $0.lambda >= 0 && $0.lambda.isFinite }
      ]
    ).ranked(0),
    .form(
      "initRange", "Initial weights", forms: "0.12 for -0.12...0.12, 0:3, glorot, he",
      spelling: { Initialization($0)?.description },
      read: { .text($0.initialization.description) },
      write: { training, text in Initialization(text).map { training.initialization = $0 } != nil }
    ).ranked(1),
    .seed("seed", \.seed, "The seed of the initial weights and of shuffling").ranked(6),

    .word("optimizer", \.optimizer.method, "The method of minimisation").ranked(2),
    .real(
      "learningRate", \.optimizer.learningRate, "The step",
      default: "the method's own", methods: [.gd, .sgd, .adam]
    ).ranked(5),
    .real("momentum", \.optimizer.momentum, "The momentum, 0 up to 1", methods: [.sgd]),
    TrainingOption(
      "nesterov", "Look ahead along the momentum", .boolean, default: "--nesterov",
      methods: [.sgd],
      read: { .boolean($0.optimizer.nesterov) },
      write: { training, value in
        guard case .boolean(let isOn) = value else { return false }
        training.optimizer.nesterov = isOn
        return true
      }),
    .form(
      "schedule",
      "How the learning rate falls",
      forms: "constant, step:10:0.5, exponential:0.95, cosine:100, inverse:0.1",
      default: "constant",
      spelling: { LearningRateSchedule($0)?.description },
      read: { $0.optimizer.schedule == .constant ? nil : .text($0.optimizer.schedule.description) },
      write: { training, text in
        LearningRateSchedule(text).map { training.optimizer.schedule = $0 } != nil
      }),
    .integer(
      "batchSize", \.optimizer.batchSize, "Examples in a mini-batch", methods: [.sgd, .adam]),
    .integer(
      "memory", \.optimizer.memory, "Pairs that are remembered", methods: [.lbfgs]),
    .integer(
      "epochs", \.epochs, "At most this many epochs",
      rules: [.init(legal: "0 to 10000000") { (0...10_000_000).contains($0.epochs) }]),
    .real(
      "tolerance", \.optimizer.tolerance, "Stop when the gradient's largest entry is below this"),
    .integer(
      "patience", \.patience, "Stop after this many epochs without a better held-out cost",
      default: "never",
      rules: [
        .init(legal: "at least 1") { $0.patience.map { $0 >= 1 } ?? true },
        .init(legal: "left out where nothing is held out") {
          $0.patience == nil || $0.testFraction > 0
        },
      ]),
    .word("gradient", \.gradient, "Where the gradient comes from"),
    TrainingOption(
      "dx", "The step of a numerical gradient", .real, default: "0.01 forward, 1e-4 central",
      rules: [
        .init(legal: "a finite number above 0") { $0.dx.map { $0 > 0 && $0.isFinite } ?? true },
        .init(legal: "left out for backprop, which takes no step") {
          $0.dx == nil || $0.gradient != .backprop
        },
      ],
      read: { training in
        training.dx.map { .real($0) }
          ?? (training.gradient == .backprop ? nil : .real(training.gradient.step))
      },
      write: { training, value in value.asReal.map { training.dx = $0 } != nil }),

    .form(
      "check", "When the gradient is checked", forms: "start, end, both, every=N, never",
      isInfluential: false,
      spelling: { CheckSchedule($0)?.description }, read: { .text($0.check.schedule.description) },
      write: { training, text in CheckSchedule(text).map { training.check.schedule = $0 } != nil }),
    .word(
      "checkMethod", \.check.method, "The difference quotient of a check", isInfluential: false),
    TrainingOption(
      "epsilon", "The step of the difference quotients", .real,
      default: "1e-4 central, 1e-7 with relu, 1e-8 forward", isInfluential: false,
      rules: [
        .init(legal: "a finite number above 0") { $0.checkEpsilon > 0 && $0.checkEpsilon.isFinite },
        .init(legal: "at most 1e-08 for complex-step, so that no real part changes") {
          $0.check.method != .complexStep || $0.checkEpsilon <= 1e-8
        },
      ], read: { .real($0.checkEpsilon) },
      write: { training, value in
        guard let epsilon = value.asReal else { return false }
        // The method's own step is left open, so that another method may be chosen with its own.
        training.check.epsilon = nil
        if epsilon != training.checkEpsilon { training.check.epsilon = epsilon }
        return true
      }),
    TrainingOption(
      "checkTolerance", "How far two derivatives may differ, absolute and relative", .real,
      isInfluential: false,
      rules: [
        .init(legal: "a finite number, at least 0") {
          $0.check.tolerance.absolute >= 0 && $0.check.tolerance.absolute.isFinite
        }
      ], read: { .real($0.check.tolerance.absolute) },
      write: { training, value in
        value.asReal.map { training.check.tolerance = GradientTolerance($0) } != nil
      }),
    .integer(
      "checkpointEvery", \.checkpointEvery, "Save the whole state every so many epochs, for resume",
      default: "every half minute", isInfluential: false,
      rules: [.init(legal: "at least 1") { $0.checkpointEvery.map { $0 >= 1 } ?? true }]),
  ]

  /// `300,100` or `300x100`, which can stand in a list of a sweep's values.
  private static func layers(_ text: String) -> [Int]? {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "," || $0 == "x" }
    let sizes = parts.compactMap { Int($0) }
    return sizes.count == parts.count ? sizes : nil
  }
}

// MARK: Rows by the kind of their property

extension TrainingOption {
  private func ranked(_ rank: Int) -> TrainingOption {
    var option = self
    option.rank = rank
    return option
  }

  private typealias Path<Value> = any WritableKeyPath<TrainingConfiguration, Value> & Sendable

  private init(
    _ key: String, _ summary: String, _ kind: Kind, default note: String? = nil,
    methods: [OptimizerMethod]? = nil, comparability: Comparability? = nil,
    isInfluential: Bool = true, rules: [Rule] = [],
    read: @escaping @Sendable (TrainingConfiguration) -> ParameterValue?,
    write: @escaping @Sendable (inout TrainingConfiguration, ParameterValue) -> Bool
  ) {
    self.init(
      key: key, summary: summary, kind: kind, defaultNote: note, methods: methods,
      comparability: comparability, isInfluential: isInfluential, rank: nil, rules: rules,
      read: { training in
        methods?.contains(training.optimizer.method) ?? true ? read(training) : nil
      }, write: write)
  }

  private static func real(
    _ key: String, _ path: Path<Double>, _ summary: String, methods: [OptimizerMethod]? = nil,
    comparability: Comparability? = nil, rules: [Rule] = []
  ) -> TrainingOption {
    TrainingOption(
      key, summary, .real,
      default: methods == nil ? nil : "\(TrainingConfiguration()[keyPath: path])",
      methods: methods, comparability: comparability, rules: rules,
      read: { .real($0[keyPath: path]) },
      write: { training, value in value.asReal.map { training[keyPath: path] = $0 } != nil })
  }

  private static func real(
    _ key: String, _ path: Path<Double?>, _ summary: String, default note: String,
    methods: [OptimizerMethod]? = nil
  ) -> TrainingOption {
    TrainingOption(
      key, summary, .real, default: note, methods: methods,
      read: { $0[keyPath: path].map { .real($0) } },
      write: { training, value in value.asReal.map { training[keyPath: path] = $0 } != nil })
  }

  private static func integer(
    _ key: String, _ path: Path<Int>, _ summary: String, methods: [OptimizerMethod]? = nil,
    rules: [Rule] = []
  ) -> TrainingOption {
    TrainingOption(
      key, summary, .integer,
      default: methods == nil ? nil : "\(TrainingConfiguration()[keyPath: path])", methods: methods,
      rules: rules, read: { .integer(Int64($0[keyPath: path])) },
      write: { training, value in value.asInteger.map { training[keyPath: path] = $0 } != nil })
  }

  private static func integer(
    _ key: String, _ path: Path<Int?>, _ summary: String, default note: String,
    isInfluential: Bool = true, rules: [Rule] = []
  ) -> TrainingOption {
    TrainingOption(
      key, summary, .integer, default: note, isInfluential: isInfluential, rules: rules,
      read: { $0[keyPath: path].map { .integer(Int64($0)) } },
      write: { training, value in value.asInteger.map { training[keyPath: path] = $0 } != nil })
  }

  private static func seed(
    _ key: String, _ path: Path<UInt64>, _ summary: String, comparability: Comparability? = nil
  ) -> TrainingOption {
    TrainingOption(
      key, summary, .seed, comparability: comparability, read: { .seed($0[keyPath: path]) },
      write: { training, value in value.asSeed.map { training[keyPath: path] = $0 } != nil })
  }

  private static func word<Word: RawRepresentable<String> & CaseIterable & Sendable>(
    _ key: String, _ path: Path<Word>, _ summary: String, comparability: Comparability? = nil,
    isInfluential: Bool = true, rules: [Rule] = []
  ) -> TrainingOption {
    TrainingOption(
      key, summary, .word(Word.allCases.map(\.rawValue)), comparability: comparability,
      isInfluential: isInfluential, rules: rules, read: { .text($0[keyPath: path].rawValue) },
      write: { training, value in
        value.asText.flatMap(Word.init(rawValue:)).map { training[keyPath: path] = $0 } != nil
      })
  }

  private static func form(
    _ key: String, _ summary: String, forms: String, default note: String? = nil,
    isInfluential: Bool = true, spelling: @escaping @Sendable (String) -> String?,
    rules: [Rule] = [],
    read: @escaping @Sendable (TrainingConfiguration) -> ParameterValue?,
    write: @escaping @Sendable (inout TrainingConfiguration, String) -> Bool
  ) -> TrainingOption {
    TrainingOption(
      key, summary, .form(forms, spelling: spelling), default: note, isInfluential: isInfluential,
      rules: rules, read: read,
      write: { training, value in value.asText.map { write(&training, $0) } ?? false })
  }
}
