import ArgumentParser
import TrackerStore

/// What is known of a run that another program makes.
struct ForeignRunOptions: ParsableArguments {
  @Option(
    name: .customLong("param"),
    help: ArgumentHelp("A parameter; may be repeated.", valueName: "key=value"))
  var parameters: [Tag] = []
  @OptionGroup var record: RecordOptions
  @OptionGroup var patch: PatchOptions

  /// The start of such a run.
  func start(environment: RunEnvironment, in context: CommandContext) -> RunStart {
    RunStart(
      experiment: record.experiment ?? "default", name: record.name,
      parameters: Dictionary(
        parameters.map { ($0.key, ParameterValue(typed: $0.value)) }, uniquingKeysWith: { $1 }),
      environment: environment,
      tags: Dictionary(record.tags.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }),
      note: record.note, patch: patch.patch(of: environment, in: context))
  }
}
