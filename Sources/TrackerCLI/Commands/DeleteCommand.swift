import ArgumentParser
import TrackerStore

struct DeleteCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete runs and all that belongs to them, permanently.",
    discussion: """
      Asks first; --yes answers for you. Numbers of deleted runs are never used again. The file \
      keeps its size until tracker gc. To hide runs and keep them, use archive.

      EXAMPLES
        tracker delete 3 4
        tracker delete --where 'status = crashed' --yes
        tracker gc
      """)

  @OptionGroup var selection: RunSelection
  @Flag(name: .shortAndLong, help: "Do not ask.")
  var yes = false
  @OptionGroup var store: StoreOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let ids = try selection.requiredIDs(in: store)
    guard !ids.isEmpty else {
      return context.terminal.diagnostics.writeLine("no runs to delete")
    }
    if !yes { try context.terminal.confirm("Delete \(spoken(ids)) with all their records?") }
    try store.delete(runs: ids)
    context.terminal.diagnostics.writeLine("deleted \(spoken(ids))")
  }
}
