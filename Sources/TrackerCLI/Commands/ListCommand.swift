import ArgumentParser
import TrackerExperiments
import TrackerGradientCheck
import TrackerViews
import TrackerStore

struct ListCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List runs, newest first.",
    discussion: """
      A condition compares parameters, metrics, tags and columns (id, name, status, experiment, started, \
      ended, duration, host, user, note, commit, dataset): =, !=, <, <=, >, >=, in (…), like, is null, \
      with and, or, not and parentheses. A metric's last value counts; best(), first(), last(), min() \
      and max() choose another. params., metrics. and tags. are needed only where a name has two meanings.

      --group-by lists groups of runs with the same values of these parameters, such as over seeds: how many, the \
      mean of a metric, its standard deviation and 95 % interval; tracker compare --group-by tests the differences.

      EXAMPLES
        tracker list --where 'lambda > 0.1 and best(testAccuracy) >= 0.95'
        tracker list --where 'started > 2026-11-01 and name like "tnc%"'
        tracker list --sort '-best(testAccuracy),lambda' --limit 20
        tracker list --columns id,lambda,initRange,metrics.cost,testAccuracy
        tracker list --experiment sweep-1 --format csv > runs.csv
        tracker list --group-by lambda,initRange --metric cost
      """,
    aliases: ["ls"])

  @Option(
    help: ArgumentHelp("Show these columns, such as id,lambda,metrics.cost.", valueName: "names"),
    completion: Completion.columns)
  var columns: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Order by these fields, such as lambda,-testAccuracy; a minus puts the highest first.",
      valueName: "fields"), completion: Completion.sort)
  var sort: String?
  @Option(help: "Show at most this many, the first in order.")
  var limit: Int?
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Show the runs that match this condition.", valueName: "condition"),
    completion: Completion.condition)
  var condition: String?
  @Option(help: "Show the runs of this experiment alone.", completion: Completion.experiment)
  var experiment: String?
  @Option(
    help: ArgumentHelp(
      "List groups of runs with the same values of these parameters.", valueName: "keys"),
    completion: Completion.groupBy)
  var groupBy: String?
  @Option(
    help: ArgumentHelp(
      "The metric of the groups. (default: what runs are ranked by: held out before training, accuracies before losses)",
      valueName: "key"), completion: Completion.metric)
  var metric: String?
  @OptionGroup var direction: DirectionOptions
  @Flag(help: "Show archived runs too.")
  var all = false
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: ReadingOptions

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit is at least 0, not \(limit)") }
    if let columns, Self.names(columns).isEmpty {
      throw ValidationError("--columns names no column; write some, such as id,lambda,metrics.cost")
    }
    if groupBy == nil {
      guard metric == nil, !direction.isGiven else {
        throw ValidationError("--metric, --maximize and --minimize go with --group-by")
      }
    } else if columns != nil || sort != nil {
      throw ValidationError("--columns and --sort go without --group-by: the best groups are first")
    }
  }

  func run(in context: CommandContext) throws {
    let store = try store.open(.looking, in: context)
    if let groupBy { return try listGroups(groupBy, of: store, in: context) }
    let runs = try store.runs(
      RunQuery(
        experiment: experiment, includesArchived: all, condition: condition, sort: sort,
        limit: limit))
    let total =
      try runs.isEmpty
      ? store.runCount(includesArchived: true)
      : limit == nil || condition != nil
        ? runs.count : store.runCount(experiment: experiment, includesArchived: all)
    guard let columns else {
      let judged = output.isForPeople ? Self.judged(runs) : []
      let findings = findings(of: judged, in: store)
      let view = RunListView(runs: runs, total: total, findings: findings)
      let unjudged =
        findings.isEmpty || judged.count == runs.count
        ? nil
        : "finding is told of the first \(counted(judged.count, "run")); of another: tracker diagnose RUN"
      let chosen = MetricNote.listed(view.tellingMetrics, of: runs)
      return output.show(view.noted(unjudged).noted(chosen), in: context)
    }
    let names = Self.names(columns)
    let view = try RunListView(
      runs: runs, columns: names, keys: store.knownKeys(), total: total)
    output.show(view, in: context)
  }

  /// The runs whose curves are read: as many as a screen shows, and fewer long ones, so that a list stays quick.
  private static func judged(_ runs: [Run]) -> ArraySlice<Run> {
    var steps = 0
    return runs.prefix(50).prefix { run in
      defer { steps += run.metrics.values.map(\.count).max() ?? 0 }
      return steps < 200_000
    }
  }

  /// The likeliest faults of trainings, in a word; one that goes on is watched, not judged.
  private func findings(of runs: ArraySlice<Run>, in store: Store) -> [Int64: String] {
    var faults = TrainingFaults(store: store)
    return faults.faults(of: runs.filter { $0.status != .running }).mapValues(\.cause.rawValue)
  }

  private static func names(_ columns: String) -> [String] {
    columns.split(separator: ",").map { String($0.drop(while: \.isWhitespace)) }
      .filter { !$0.isEmpty }
  }

  private func listGroups(
    _ groupBy: String, of store: Store, in context: CommandContext
  ) throws {
    let runs = try store.runs(
      RunQuery(experiment: experiment, includesArchived: all, condition: condition))
    let view = try GroupView(runs: runs, by: groupBy, metric: metric, direction)
    output.show(
      GroupListView(view, limit: limit).noted(metric == nil ? view.metricNote : nil), in: context)
  }
}
