import ArgumentParser
import TrackerWatch
import TrackerStore
import TrackerSystem

struct WatchCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "A live view of the runs in the terminal.",
    discussion: """
      Shows the list of runs, one run's curves and its gradient checks, as they are written by whatever program. \
      Arrow keys and Enter go through them, / filters by a condition as list --where does, s sorts, ? shows all keys, \
      q quits. Waits for a store that is not there yet.

      EXAMPLES
        tracker watch                   all runs, newest first
        tracker watch latest            the newest run, and the next as it starts
        tracker watch 12
        tracker watch --where 'experiment = sweep-1' --sort 'best(cost)'
      """)

  @Argument(
    help: "An id, latest (follows the newest), latest~1, a unique name, or best:METRIC.",
    completion: Completion.run)
  var run: String?
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "List the runs that match this condition, as in list.", valueName: "condition"),
    completion: Completion.condition)
  var condition: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Order them by these fields, as in list.", valueName: "fields"),
    completion: Completion.sort)
  var sort: String?
  @OptionGroup var store: StoreOptions

  func run(in context: CommandContext) throws {
    let terminal = context.terminal
    guard terminal.output.isInteractive, terminal.answer != nil else {
      throw CommandError(
        status: .usage, message: "watch needs a terminal to draw on and to read keys from",
        advice: "What the runs are at present: tracker list, or tracker show latest")
    }
    guard let kind = terminal.environment["TERM"], kind != "dumb", !kind.isEmpty else {
      throw CommandError(
        status: .usage, message: "watch cannot draw on this terminal: TERM is dumb or not set",
        advice: "What the runs are at present: tracker list, or tracker show latest")
    }
    let path = store.path(in: context)
    var focus: WatchState.Focus?
    if run == "latest" {
      focus = .newest
    } else if let run {
      focus = .run(try store.open(in: context).runID(run))
    } else if exists(path) {
      // What cannot be opened is said before the screen is taken.
      _ = try store.open(in: context).runStatuses(RunQuery(condition: condition, sort: sort))
    }
    let feed = StoreFeed(path: path)
    defer { feed.close() }
    let screen = try Screen(terminal)
    defer { screen.giveBack() }
    let size = terminal.size()
    let state = WatchState(
      path: path, focus: focus, condition: condition, sort: sort, width: size.columns,
      height: size.lines)
    var loop = WatchLoop(feed: feed, screen: screen, context: context, state: state)
    try loop.run()
  }
}
