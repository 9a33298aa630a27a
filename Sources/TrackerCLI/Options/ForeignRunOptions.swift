import ArgumentParser
import TrackerStore

/// What is known of a run that another program makes.
struct ForeignRunOptions: ParsableArguments {
  @Option(
    name: .customLong("param"),
    help: ArgumentHelp("A parameter; may be repeated.", valueName: "key=value"))
  var parameters: [Tag] = []
  @Option(help: "The group that the run belongs to.")
  var experiment = "default"
  @Option(help: "A name for people.")
  var name: String?
  @Option(
    name: .customLong("tag"), help: ArgumentHelp("A tag; may be repeated.", valueName: "key=value"))
  var tags: [Tag] = []
  @Option(help: "A remark.")
  var note: String?

  /// The start of such a run.
  func start(environment: RunEnvironment) -> RunStart {
    RunStart(
      experiment: experiment, name: name,
      parameters: Dictionary(
        parameters.map { ($0.key, ParameterValue(typed: $0.value)) }, uniquingKeysWith: { $1 }),
      environment: environment,
      tags: Dictionary(tags.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }), note: note)
  }
}
