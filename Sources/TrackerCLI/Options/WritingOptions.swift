import ArgumentParser
import TrackerStore

/// Which store is written, and what has to survive what.
struct WritingOptions: ParsableArguments {
  @OptionGroup var store: StoreOptions
  @Option(
    help: """
      normal: what is recorded survives any end of the program; full: a loss of power, too, because each record \
      waits for the disk.
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
