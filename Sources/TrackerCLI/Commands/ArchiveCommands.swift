import ArgumentParser
import TrackerStore

struct ArchiveCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "archive",
    abstract: "Put runs aside: lists and reports leave them out, and nothing is lost.",
    discussion: """
      EXAMPLES
        tracker archive 3 4
        tracker archive --where 'status = crashed and started < 2026-11-01'
        tracker list --all
      """)

  @OptionGroup var selection: RunSelection
  @OptionGroup var store: StoreOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let ids = try selection.requiredIDs(in: store)
    try store.archive(runs: ids, at: context.now())
    context.terminal.diagnostics.writeLine("archived \(spoken(ids))")
  }
}

struct RestoreCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Bring back archived runs.",
    discussion: """
      EXAMPLES
        tracker restore 3 4
        tracker restore --where 'experiment = sweep-1'
      """)

  @OptionGroup var selection: RunSelection
  @OptionGroup var store: StoreOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let ids = try selection.requiredIDs(in: store)
    try store.restore(runs: ids)
    context.terminal.diagnostics.writeLine("restored \(spoken(ids))")
  }
}
