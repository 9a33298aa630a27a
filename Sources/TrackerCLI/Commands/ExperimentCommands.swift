import ArgumentParser
import TrackerStore
import TrackerViews

struct MoveCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "move",
    abstract: "Move runs to another experiment, which is made if there is none of that name.",
    discussion: """
      EXAMPLES
        tracker move 3 4 --experiment ablations
        tracker move --where 'lambda > 1' --experiment 'strong penalty'
      """)

  @OptionGroup var selection: RunSelection
  @Option(help: "The experiment.", completion: Completion.experiment)
  var experiment: String
  @OptionGroup var store: StoreOptions

  func validate() throws { try requireName(experiment) }

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let ids = try selection.requiredIDs(in: store)
    try store.move(runs: ids, toExperiment: experiment, at: context.now())
    context.terminal.diagnostics.writeLine("moved \(spoken(ids)) to \(experiment)")
  }
}

struct ExperimentsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiments",
    abstract: "List, rename and delete experiments.",
    discussion: """
      An experiment is a group of runs by name; a run makes the one that it names. Runs go from one to another \
      with: tracker move

      EXAMPLES
        tracker experiments
        tracker experiments rename mnist digits
        tracker experiments delete scratch
      """,
    subcommands: [
      ListExperiments.self, RenameExperiment.self, DeleteExperiment.self, RestoreExperiment.self,
    ],
    defaultSubcommand: ListExperiments.self)
}

struct ListExperiments: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the experiments, the one of the newest run first.",
    discussion: """
      EXAMPLES
        tracker experiments
        tracker experiments list --all --format json
      """)

  @Flag(help: "Show those that clients of serve deleted, too.")
  var all = false
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: ReadingOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    output.show(
      ExperimentListView(try store.experimentOverviews(includesDeleted: all)), in: context)
  }
}

struct RenameExperiment: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "rename", abstract: "Give an experiment another name; its runs stay in it.",
    discussion: """
      EXAMPLES
        tracker experiments rename mnist digits
      """)

  @Argument(help: "The experiment.", completion: Completion.experiment)
  var experiment: String
  @Argument(help: "Its new name, which no other experiment has.")
  var name: String
  @OptionGroup var store: StoreOptions

  func validate() throws { try requireName(name) }

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    try store.renameExperiment(named: experiment, to: name, at: context.now())
    context.terminal.diagnostics.writeLine("renamed \(experiment) to \(name)")
  }
}

struct DeleteExperiment: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete an experiment.",
    discussion: """
      One that holds runs is deleted with --runs alone, which deletes them with all their records, for ever. \
      That asks first; --yes answers for you.

      EXAMPLES
        tracker experiments delete scratch
        tracker experiments delete scratch --runs --yes
      """)

  @Argument(help: "The experiment.", completion: Completion.experiment)
  var experiment: String
  @Flag(help: "Delete its runs, too.")
  var runs = false
  @Flag(name: .shortAndLong, help: "Do not ask.")
  var yes = false
  @OptionGroup var store: StoreOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let held =
      try store.experimentOverviews(includesDeleted: true).first { $0.name == experiment }?.runCount
    if runs, !yes, let held, held > 0 {
      try context.terminal.confirm(
        "Delete \(experiment) and its \(counted(held, "run")) with all their records?")
    }
    let deleted = try store.deleteExperiment(
      named: experiment, withRuns: runs, at: context.now())
    context.terminal.diagnostics.writeLine(
      "deleted \(experiment)" + (deleted > 0 ? " and \(counted(deleted, "run"))" : ""))
  }
}

struct RestoreExperiment: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Bring back an experiment that a client of serve deleted, and its runs.",
    discussion: """
      EXAMPLES
        tracker experiments list --all
        tracker experiments restore mnist
      """)

  @Argument(help: "The experiment.", completion: Completion.experiment)
  var experiment: String
  @OptionGroup var store: StoreOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    try store.restoreExperiment(named: experiment)
    context.terminal.diagnostics.writeLine("restored \(experiment)")
  }
}

/// - Throws: an error of usage where a name says nothing
private func requireName(_ name: String) throws {
  guard name.contains(where: { !$0.isWhitespace }) else {
    throw ValidationError("an experiment's name is not empty")
  }
}
