import ArgumentParser
import TrackerViews
import TrackerStore

struct GarbageCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "gc",
    abstract: "Give the space of deleted runs back to the disk.",
    discussion: """
      It rewrites the store, so the disk needs room for a second copy. Nobody else can write in the meantime, so \
      it refuses while a run is going on.

      EXAMPLES
        tracker delete --where 'status = crashed' --yes && tracker gc
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: FormatOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let report = try store.collectGarbage()
    output.show(
      GarbageView(
        path: store.path, bytesBefore: report.bytesBefore, bytesAfter: report.bytesAfter,
        droppedContents: report.droppedContents), in: context)
  }
}
