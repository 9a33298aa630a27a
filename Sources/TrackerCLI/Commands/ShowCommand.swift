import TrackerValues
import ArgumentParser
import TrackerGradientCheck
import TrackerExperiments
import TrackerViews
import TrackerStore

struct ShowCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show everything about one run.",
    discussion: """
      EXAMPLES
        tracker show latest
        tracker show 12 --format json
        tracker show best:testAccuracy --metric cost --format csv
      """)

  @Argument(
    help: "An id, latest, latest~1, a unique name, or best:METRIC.", completion: Completion.run)
  var run: String
  @Option(
    help: ArgumentHelp("Show this metric's series instead.", valueName: "key"),
    completion: Completion.metric)
  var metric: String?
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: ReadingOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(.looking, in: context)
    let run = try store.run(id: store.runID(run))
    if let metric {
      guard run.metrics[metric] != nil else { throw unknownMetric(metric, of: run) }
      let points = try store.points(run: run.id, metric: metric)
      output.show(
        MetricSeriesView(MetricCurve(run: run.id, metric: metric, points: points)), in: context)
      return
    }
    let artifacts = try store.artifacts(run: run.id).map(RunView.Artifact.init)
    // A run that goes on is watched, not judged; other programs read diagnose.
    let isJudged = run.status != .running && output.isForPeople
    var faults = TrainingFaults(store: store)
    let finding = isJudged ? try? faults.fault(of: run) : nil
    let curves =
      output.isForPeople
      ? try store.sparklines(of: run, metrics: RunView.shownMetrics(of: run)) : []
    output.show(
      RunView(
        run: run, curves: curves, artifacts: artifacts,
        finding: finding.map {
          "\($0.cause.rawValue) (\(Int(saturating: $0.likelihood * 100)) % likely)"
        }, parent: try run.parent.flatMap { try store.run(id: $0).name },
        children: try store.children(of: run)),
      in: context)
  }
}
