import ArgumentParser
import TrackerEngine
import TrackerExperiments
import TrackerGradientCheck
import TrackerOptimization

/// What a run is started with. Each option is optional here: what is given overrides the preset's
/// choice, or the default.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Start from a named set of options; see --list-presets."),
    completion: Completion.preset)
  var preset: String?

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Training") var training: TrainingOptions
  @OptionGroup(title: "Gradient check") var check: CheckOptions
  @OptionGroup(title: "Record") var record: RecordOptions

  /// The whole configuration: the preset or the defaults, with what was given put over them.
  func configuration(in context: CommandContext) throws -> RunConfiguration {
    var configuration = try preset.map(Preset.named)?.configuration ?? RunConfiguration()
    try data.apply(to: &configuration, in: context)
    network.apply(to: &configuration.training)
    training.apply(to: &configuration.training)
    check.apply(to: &configuration.training)
    record.apply(to: &configuration)
    try configuration.training.validate()
    return configuration
  }
}

struct NetworkOptions: ParsableArguments {
  @Option(help: "Units of each hidden layer: 100, or 300,100, or 300x100. (default: 100)")
  var hidden: LayerSizes?
  @Option(help: "Hidden units: sigmoid, tanh, relu. (default: sigmoid)")
  var activation: Activation?
  @Option(help: "Output units: sigmoid, softmax. (default: sigmoid)")
  var output: OutputActivation?
  @Option(
    help: "stable (from the logits) or clamped (log(1-a) with a = 1 replaced). (default: stable)")
  var cost: CostForm?
  @Option(
    parsing: .unconditional,
    help: "The weight of the penalty lambda/2m * sum of squares. (default: 0.5)")
  var lambda: Double?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Initial weights: 0.12 for -0.12...0.12, 0:3, glorot, he. (default: glorot)",
      valueName: "range"))
  var initRange: Initialization?
  @Option(help: "The seed of the initial weights and of shuffling. (default: 0)")
  var seed: UInt64?

  func apply(to training: inout TrainingConfiguration) {
    hidden.map { training.hidden = $0.sizes }
    activation.map { training.activation = $0 }
    output.map { training.output = $0 }
    cost.map { training.cost = $0 }
    lambda.map { training.lambda = $0 }
    initRange.map { training.initialization = $0 }
    seed.map { training.seed = $0 }
  }
}

/// `100`, or `300,100`; `300x100` is the same, and can stand in a list of a sweep's values.
struct LayerSizes: ExpressibleByArgument {
  var sizes: [Int]

  init?(argument: String) {
    let parts = argument.split(omittingEmptySubsequences: false) { $0 == "," || $0 == "x" }
    let sizes = parts.compactMap { Int($0) }
    guard sizes.count == parts.count, !sizes.isEmpty else { return nil }
    self.sizes = sizes
  }
}
