import ArgumentParser
import TrackerStore

/// Which store is written, and what has to survive what.
struct WritingOptions: ParsableArguments {
  @OptionGroup var store: StoreOptions
  @Option(
    help: """
      normal: what was recorded survives the end of the program, however it comes; full: a loss of power \
      too, for each record waits for the disk.
      """)
  var durability = Store.Durability.normal

  /// The store, made if there is none.
  func create(in context: CommandContext) throws -> Store {
    try store.store(.create, durability: durability, in: context)
  }

  /// The store that is there.
  func open(in context: CommandContext) throws -> Store {
    let store = try store.store(.existing, durability: durability, in: context)
    try store.markCrashedRuns()
    return store
  }
}
