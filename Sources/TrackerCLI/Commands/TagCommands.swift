import ArgumentParser
import TrackerStore

struct TagCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "tag",
    abstract: "Set or remove tags of a run.",
    discussion: """
      EXAMPLES
        tracker tag 12 team=a stage=final
        tracker tag latest --remove stage
        tracker list --where 'tags.team = a'
      """)

  @Argument(
    help: "An id, latest, latest~1, a unique name, or best:METRIC.", completion: Completion.run)
  var run: String
  @Argument(help: ArgumentHelp("Tags to set.", valueName: "key=value"))
  var tags: [Tag] = []
  @Option(
    name: .customLong("remove"),
    help: ArgumentHelp("A tag to remove; may be repeated.", valueName: "key"),
    completion: Completion.tag)
  var removed: [String] = []
  @OptionGroup var store: StoreOptions

  func validate() throws {
    if tags.isEmpty, removed.isEmpty { throw ValidationError("there is no tag to set or remove") }
    try tags.requireUniqueKeys("tag")
  }

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let id = try store.runID(run)
    try store.edit(
      runs: [id],
      settingTags: Dictionary(tags.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }),
      removingTags: removed)
    context.terminal.diagnostics.writeLine("tagged run \(id)")
  }
}

struct NoteCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "note",
    abstract: "Write a note on a run; an empty one removes it.",
    discussion: """
      EXAMPLES
        tracker note 12 "the one for the paper"
        tracker note 12 ""
      """)

  @Argument(
    help: "An id, latest, latest~1, a unique name, or best:METRIC.", completion: Completion.run)
  var run: String
  @Argument(help: "The remark; it takes the place of the one that was there.")
  var text: String
  @OptionGroup var store: StoreOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let id = try store.runID(run)
    try store.setNote(text.isEmpty ? nil : text, run: id)
    context.terminal.diagnostics.writeLine("noted on run \(id)")
  }
}

struct RenameCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "rename",
    abstract: "Give a run a name; an empty one removes it.",
    discussion: """
      EXAMPLES
        tracker rename 12 baseline
        tracker show baseline
      """)

  @Argument(
    help: "An id, latest, latest~1, a unique name, or best:METRIC.", completion: Completion.run)
  var run: String
  @Argument(
    help: "The name; it need not be unique, but only a unique one can be used instead of the id.")
  var name: String
  @OptionGroup var store: StoreOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let id = try store.runID(run)
    try store.rename(run: id, to: name.isEmpty ? nil : name)
    context.terminal.diagnostics.writeLine("renamed run \(id)")
  }
}
