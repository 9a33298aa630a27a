import ArgumentParser
import TrackerEngine

/// What a run is started with, as the table of training options knows it: each property is an option's, by its name.
protocol TrainingOptionGroup: ParsableArguments {
  /// What was given, by the options' names.
  var given: [String: ParameterValue] { get }
}

extension TrainingOptionGroup {
  var given: [String: ParameterValue] {
    var values: [String: ParameterValue] = [:]
    for child in Mirror(reflecting: self).children {
      // A wrapped property is stored under its name with an underscore before it.
      guard let key = child.label?.dropFirst() else { continue }
      switch child.value {
      case let option as Option<ParameterValue?>: values[String(key)] = option.wrappedValue
      case let flag as Flag<Bool?>:
        values[String(key)] = flag.wrappedValue.map { .boolean($0) }
      default: break
      }
    }
    return values
  }
}

extension Option where Value == ParameterValue? {
  /// The option of this name in ``TrainingOption``: help, values and completion come from there.
  ///
  /// - Parameters:
  ///   - key: the option's name, which the property has, too
  ///   - parsing: whether a value may begin with a dash
  init(
    training key: String, parsing: SingleValueParsingStrategy = .next, valueName: String? = nil
  ) {
    guard let option = TrainingOption.named(key) else {
      preconditionFailure("there is no option \(key) of a training")
    }
    self.init(
      name: .long, parsing: parsing,
      help: ArgumentHelp(stringLiteral: option.help).named(valueName),
      completion: option.words.isEmpty ? .default : .list(option.words),
      transform: { text in
        do { return try option.value(text) } catch {
          throw ValidationError(option.expectation(beside: text))
        }
      })
  }
}

extension ArgumentHelp {
  fileprivate func named(_ valueName: String?) -> ArgumentHelp {
    var help = self
    help.valueName = valueName
    return help
  }
}

struct NetworkOptions: TrainingOptionGroup {
  @Option(training: "hidden") var hidden: ParameterValue?
  @Option(training: "activation") var activation: ParameterValue?
  @Option(training: "output") var output: ParameterValue?
  @Option(training: "cost") var cost: ParameterValue?
  @Option(training: "lambda", parsing: .unconditional) var lambda: ParameterValue?
  @Option(training: "initRange", parsing: .unconditional, valueName: "range")
  var initRange: ParameterValue?
  @Option(training: "seed") var seed: ParameterValue?
}

struct TrainingOptions: TrainingOptionGroup {
  @Option(training: "optimizer") var optimizer: ParameterValue?
  @Option(training: "learningRate") var learningRate: ParameterValue?
  @Option(training: "momentum") var momentum: ParameterValue?
  @Flag(
    inversion: .prefixedNo,
    help: ArgumentHelp(stringLiteral: TrainingOption.named("nesterov")?.help ?? ""))
  var nesterov: Bool?
  @Option(training: "schedule") var schedule: ParameterValue?
  @Option(training: "batchSize") var batchSize: ParameterValue?
  @Option(training: "memory") var memory: ParameterValue?
  @Option(training: "epochs") var epochs: ParameterValue?
  @Option(training: "tolerance") var tolerance: ParameterValue?
  @Option(training: "patience") var patience: ParameterValue?
  @Option(training: "gradient") var gradient: ParameterValue?
  @Option(training: "dx") var dx: ParameterValue?
  @Option(training: "checkpointEvery", valueName: "epochs") var checkpointEvery: ParameterValue?
}

struct CheckOptions: TrainingOptionGroup {
  @Option(training: "check") var check: ParameterValue?
  @Flag(help: "Exit with status 1 if a check fails.")
  var requireCheck = false
}

/// How a gradient is checked.
struct CheckMethodOptions: TrainingOptionGroup {
  @Option(training: "epsilon") var epsilon: ParameterValue?
  @Option(training: "checkTolerance") var checkTolerance: ParameterValue?
  @Option(training: "checkMethod") var checkMethod: ParameterValue?
}
