import ArgumentParser
import TrackerEngine
import TrackerExperiments

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

  /// What was given of the training's options, by their names.
  var given: [String: ParameterValue] {
    [data.given, network.given, training.given, check.given, check.method.given].reduce(into: [:]) {
      $0.merge($1) { $1 }
    }
  }

  /// The whole configuration: the preset or the defaults, with what was given put over them.
  ///
  /// - Parameter trial: what a trial of a sweep is given beside that, by the options' names
  func configuration(
    in context: CommandContext, trial: [String: ParameterValue] = [:]
  ) throws -> RunConfiguration {
    let preset = trial["preset"].map { "\($0)" } ?? preset
    var configuration = try preset.map(Preset.named)?.configuration ?? RunConfiguration()
    try data.apply(to: &configuration, in: context)
    record.apply(to: &configuration)
    try configuration.training.apply(given.merging(trial) { $1 })
    try configuration.training.validate()
    return configuration
  }
}
