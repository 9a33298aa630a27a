import ArgumentParser
import TrackerEngine
import TrackerExperiments

/// Arguments with all that a run is started with. Each option is optional here: what is given overrides the preset's
/// choice, or the default.
///
/// The groups are named by whoever has them, and not gathered in a group of their own: in a debug build the parser
/// checks the groups of each group again five times over, which with one level more takes a quarter of a second.
protocol RunArguments: ParsableArguments {
  var preset: String? { get }
  var data: DataOptions { get }
  var network: NetworkOptions { get }
  var training: TrainingOptions { get }
  var check: CheckOptions { get }
  var method: CheckMethodOptions { get }
  var record: RecordOptions { get }
}

extension RunArguments {
  /// What was given of the training's options, by their names.
  var given: [String: ParameterValue] {
    [data.given, network.given, training.given, check.given, method.given].reduce(into: [:]) {
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

extension ArgumentHelp {
  static let preset = ArgumentHelp("Start from a named set of options; see --list-presets.")
}

/// What the trials of a sweep are started with.
struct RunOptions: RunArguments {
  @Option(help: .preset, completion: Completion.preset) var preset: String?
  @OptionGroup var data: DataOptions
  @OptionGroup var network: NetworkOptions
  @OptionGroup var training: TrainingOptions
  @OptionGroup var check: CheckOptions
  @OptionGroup var method: CheckMethodOptions
  @OptionGroup var record: RecordOptions
}
