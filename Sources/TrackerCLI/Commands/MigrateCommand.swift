import ArgumentParser
import TrackerViews
import TrackerStore

struct MigrateCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Bring the store's schema to this program's version.",
    discussion: """
      Every command that may write does so by itself, after a backup beside the file; this one says \
      what was done.

      EXAMPLES
        tracker migrate
        tracker migrate --db old.sqlite
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: FormatOptions

  func run(in context: CommandContext) throws {
    let path = store.path(in: context)
    let found = try Store.schemaVersion(ofFileAt: path)
    let store = try store.store(.existing, in: context)
    let applied = try store.appliedMigrations().filter { $0.version > found }
    output.show(
      MigrationView(
        path: path, from: found, to: try store.schemaVersion(), applied: applied.map(\.name)),
      in: context)
  }
}
