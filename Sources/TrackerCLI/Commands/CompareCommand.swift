import ArgumentParser
import TrackerViews
import TrackerStore

struct CompareCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Show runs side by side: what differs, and which is better.",
    discussion: """
      First comes what differs in parameters, data, code and environment. Metrics follow, at the end, at their \
      best and at the last step that all runs have, with the difference from the first run and the winner; then \
      curves, gradient checks and time. It warns if runs are not comparable. It shows the lines of uncommitted \
      code that differ, if the runs keep them (see: tracker run --help).

      --target says when each run first reached a value: by step, by evaluations of the cost, and by time (the \
      metric seconds where a run has it, else since the run's start).

      --group-by compares groups of runs that repeat, such as over seeds: mean, standard deviation, the 95 % \
      interval of the mean (Student's t; of five runs or more that are skewed, the BCa bootstrap), and which \
      differences are more than chance (Welch's test, corrected by Holm), with their effect sizes.

      EXAMPLES
        tracker compare 12 13
        tracker compare latest latest~1 best:testAccuracy
        tracker compare 12 13 14 --target 0.1
        tracker compare 12 13 --metric reward --maximize --linear
        tracker compare 12 13 --exit-code && echo equal
        tracker compare --group-by lambda,seed --where 'experiment = sweep-1'
        tracker compare --group-by optimizer --metric cost
      """)

  @OptionGroup var selection: RunSelection
  @Option(
    help: ArgumentHelp(
      "Compare groups of runs with the same values of these parameters.", valueName: "keys"),
    completion: Completion.groupBy)
  var groupBy: String?
  @Option(
    help: ArgumentHelp(
      """
      The metric that is drawn and reaches the target, or that groups are compared by. (default: what \
      runs are ranked by and a loss: held out before training, accuracies before losses)
      """, valueName: "key"), completion: Completion.metric)
  var metric: String?
  @OptionGroup var direction: DirectionOptions
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Show when each run reached this value.", valueName: "value"))
  var target: Double?
  @Flag(help: "How curves are drawn. (default: logarithmic where values are crowded near zero)")
  var spacing: Spacing?
  @Flag(help: "Show what does not differ, too.")
  var all = false
  @Flag(help: "Exit with status 1 if the runs differ.")
  var exitCode = false
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: ReadingOptions

  /// How values are spaced upwards.
  enum Spacing: String, EnumerableFlag { case log, linear }

  func validate() throws {
    if groupBy == nil, selection.condition == nil, selection.runs.count < 2 {
      throw ValidationError("compare takes two runs or more")
    }
    if let target, !target.isFinite { throw ValidationError("--target is a number") }
    guard groupBy == nil || (target == nil && spacing == nil && !all && !exitCode) else {
      throw ValidationError(
        "--target, --log, --linear, --all and --exit-code go without --group-by")
    }
  }

  func run(in context: CommandContext) throws {
    let store = try store.open(.looking, in: context)
    if let groupBy {
      let runs = try selection.read(from: store) ?? store.runs()
      let view = try GroupView(runs: runs, by: groupBy, metric: metric, direction)
      return output.show(view.noted(metric == nil ? view.metricNote : nil), in: context)
    }
    guard let runs = try selection.read(from: store), runs.count >= 2 else {
      throw CommandError(
        status: .usage, message: "there are not two runs to compare", advice: "Try: tracker list")
    }
    let known = inReadingOrder(metrics: runs.metricKeys)
    if let metric, !known.contains(metric) { throw unknownMetric(metric, known: known) }
    let drawn = metric.map { [$0] } ?? RankingMetric.headline(of: runs)
    let view = ComparisonView(
      runs: runs, curves: try store.drawnCurves(of: runs, metrics: drawn),
      showsAll: all, directions: directions(of: known), shared: try store.sharedSteps(of: runs),
      target: try target.map { try reach($0, in: runs, known, store) },
      patches: try store.patches(of: runs), isLogarithmic: spacing.map { $0 == .log })
    output.show(view.noted(metric == nil ? MetricNote.drawn(drawn, of: known) : nil), in: context)
    if exitCode, view.differs { throw ExitStatus.no }
  }

  /// What the user said of the metric that was named, or else of those whose names do not tell.
  private func directions(of known: [String]) -> [String: MetricDirection] {
    guard let given = direction.given else { return [:] }
    let meant = metric.map { [$0] } ?? known.filter { MetricDirection.known(for: $0) == nil }
    return Dictionary(meant.map { ($0, given) }) { first, _ in first }
  }

  private func reach(
    _ target: Double, in runs: [Run], _ known: [String], _ store: Store
  ) throws -> TargetComparison {
    // A cost is what a target is usually set for.
    let cost = known.first { MetricDirection.known(for: $0) == .minimize }
    guard let metric = metric ?? cost ?? known.first else {
      throw unknownMetric(nil, known: known)
    }
    guard let direction = direction.direction(of: metric) else {
      throw CommandError(
        status: .usage, message: "nothing says which way \(metric) is better",
        advice: "Add --maximize or --minimize")
    }
    return try store.reach(target, of: metric, direction, in: runs)
  }
}
