import ArgumentParser
import TrackerStore

/// What is known of a run that another program makes.
struct ForeignRunOptions: ParsableArguments {
  @Option(
    name: .customLong("param"),
    help: ArgumentHelp(
      """
      A parameter; may be repeated. A number or a truth value is kept as one if it prints back as it was \
      typed (0.1, 1e-3, true); 02134, 1.10 and 12e4567 stay texts.
      """, valueName: "key=value"))
  var parameters: [Tag] = []
  @Option(
    name: .customLong("param-text"),
    help: ArgumentHelp(
      "A parameter that is a text, whatever it looks like.", valueName: "key=value"))
  var texts: [Tag] = []
  @Flag(
    help:
      "Keep passwords, keys and tokens in the recorded command line; without this option … stands for them."
  )
  var keepSecrets = false
  @OptionGroup var record: RecordOptions
  @Option(
    help: "The run that this one is nested in, such as a fold in its cross-validation.",
    completion: Completion.run)
  var parent: String?
  @OptionGroup var patch: PatchOptions

  func validate() throws { try (parameters + texts).requireUniqueKeys("--param") }

  /// The start of such a run in a store.
  func start(
    environment: RunEnvironment, in store: Store, _ context: CommandContext
  ) throws -> RunStart {
    var start = RunStart(
      experiment: record.experiment ?? "default", name: record.name,
      parameters: Dictionary(
        parameters.map { ($0.key, ParameterValue(typed: $0.value)) }
          + texts.map { ($0.key, .text($0.value)) }, uniquingKeysWith: { $1 }),
      environment: environment,
      tags: Dictionary(record.tags.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }),
      note: record.note, patch: patch.patch(of: environment, in: context))
    if let parent { start.nest(in: try store.run(id: store.runID(parent)).uuid) }
    return start
  }
}
