import ArgumentParser
import TrackerEngine
import TrackerExperiments
import TrackerStore
import TrackerViews

struct ParameterCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "param",
    abstract: "Add parameters to a run that has started.",
    discussion: """
      What a run was started with stays: a parameter that has another value already is refused, and nothing is \
      added, unless --replace says that the old value was wrong.

      EXAMPLES
        tracker param 12 lr=0.1 optimizer=adam
        tracker param latest --text version=1.10
        tracker param 12 lr=0.01 --replace
      """)

  @Argument(
    help: "An id, latest, latest~1, a unique name, or best:METRIC.", completion: Completion.run)
  var run: String
  @Argument(
    help: ArgumentHelp(
      """
      Parameters. A number or a truth value is kept as one if it prints back as it was typed.
      """, valueName: "key=value"))
  var parameters: [Tag] = []
  @Option(
    name: .customLong("text"),
    help: ArgumentHelp(
      "A parameter that is a text, whatever it looks like; may be repeated.",
      valueName: "key=value"))
  var texts: [Tag] = []
  @Flag(help: "Replace values that the run has already.")
  var replace = false
  @OptionGroup var store: StoreOptions

  func validate() throws {
    if parameters.isEmpty, texts.isEmpty { throw ValidationError("there is no parameter to add") }
    try (parameters + texts).requireUniqueKeys("param")
  }

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let id = try store.runID(run)
    let given = Dictionary(
      parameters.map { ($0.key, ParameterValue(typed: $0.value)) }
        + texts.map { ($0.key, .text($0.value)) }, uniquingKeysWith: { $1 })
    let run = try store.run(id: id)
    let known = run.parameters
    // Its options made the run what it is, and resume trains on with them.
    if Resumption.isTraining(run),
      let key = given.keys.filter({ TrainingOption.named($0) != nil && known[$0] != given[$0] })
        .sorted().first
    {
      throw CommandError(
        status: .usage, message: "run \(id) was trained by tracker run, which recorded its \(key)",
        advice: "Give the parameter another name, or train again with another \(key).")
    }
    let changed = given.keys.filter { key in known[key].map { $0 != given[key] } ?? false }
    if !replace, let key = changed.sorted().first {
      throw CommandError(
        status: .usage,
        message: "run \(id) has \(key) = \(known[key].map { "\($0)" } ?? "") already",
        advice: "If that was wrong, add --replace.")
    }
    _ = try store.addParameters(given, run: id, replacing: replace)
    context.terminal.diagnostics.writeLine(
      "added \(counted(given.count - changed.count, "parameter")) to run \(id)"
        + (changed.isEmpty ? "" : ", replaced \(changed.count)"))
  }
}
