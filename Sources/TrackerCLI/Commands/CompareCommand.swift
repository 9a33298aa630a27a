import ArgumentParser
import TrackerReporting
import TrackerStore

struct CompareCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Show runs side by side: what differs, and which is better.",
    discussion: """
      Parameters, data, code and environment that differ come first, then metrics with their \
      difference and the winner, gradient checks and time.

      --group-by compares groups of runs that repeat, such as over seeds: mean, standard deviation, the 95 % \
      interval of the mean (Student), and which differences are more than chance (Welch, corrected by Holm).

      EXAMPLES
        tracker compare 12 13
        tracker compare latest latest~1 best:testAccuracy
        tracker compare 12 13 --exit-code && echo equal
        tracker compare --group-by lambda,initRange --where 'experiment = sweep-1'
        tracker compare --group-by optimizer --metric cost
      """)

  @OptionGroup var selection: RunSelection
  @Option(
    help: ArgumentHelp(
      "Compare groups of runs with the same values of these parameters.", valueName: "keys"))
  var groupBy: String?
  @Option(
    help: ArgumentHelp(
      "The metric that groups are compared by. (default: testAccuracy, trainAccuracy or cost)",
      valueName: "key"))
  var metric: String?
  @OptionGroup var direction: DirectionOptions
  @Flag(help: "Show what does not differ, too.")
  var all = false
  @Flag(help: "Exit with status 1 if the runs differ.")
  var exitCode = false
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: FormatOptions

  func validate() throws {
    if groupBy == nil, selection.condition == nil, selection.runs.count < 2 {
      throw ValidationError("compare takes two runs or more")
    }
    guard groupBy != nil || (metric == nil && !direction.isGiven) else {
      throw ValidationError("--metric, --maximize and --minimize go with --group-by")
    }
  }

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    if let groupBy { return try compareGroups(groupBy, store, in: context) }
    guard let runs = try selection.read(from: store), runs.count >= 2 else {
      throw CommandError(
        status: .usage, message: "there are not two runs to compare", advice: "Try: tracker list")
    }
    let view = ComparisonView(
      runs: runs, curves: try store.curves(of: runs, metrics: ["cost", "testAccuracy"]),
      showsAll: all)
    output.show(view, in: context)
    if exitCode, view.differs { throw ExitStatus.no }
  }

  private func compareGroups(
    _ groupBy: String, _ store: Store, in context: CommandContext
  ) throws {
    let runs = try selection.read(from: store) ?? store.runs()
    let keys = groupBy.split(separator: ",").map { key in
      String(key.hasPrefix("params.") ? key.dropFirst("params.".count) : key)
    }
    guard !keys.isEmpty else {
      throw CommandError(
        status: .usage, message: "--group-by names no parameter",
        advice: "Name some, such as: --group-by lambda,initRange")
    }
    let known = Set(runs.flatMap(\.parameters.keys))
    if let unknown = keys.first(where: { !known.contains($0) }) {
      throw UnknownColumnError(name: unknown, known: known.sorted())
    }
    let metrics = Set(runs.flatMap(\.metrics.keys))
    let chosen = metric ?? ["testAccuracy", "trainAccuracy", "cost"].first(where: metrics.contains)
    guard let chosen, metrics.contains(chosen) else {
      throw UnknownColumnError(name: metric ?? "testAccuracy", known: metrics.sorted())
    }
    output.show(
      GroupView(
        runs: runs, keys: keys, metric: chosen, direction: direction.direction(of: chosen)),
      in: context)
  }
}
