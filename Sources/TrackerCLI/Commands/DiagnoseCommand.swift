import ArgumentParser
import TrackerExperiments
import TrackerGradientCheck
import TrackerViews
import TrackerStore

struct DiagnoseCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract: "Name the likeliest cause of a failed check or a bad training.",
    discussion: """
      Looks at the last check that failed, with its vectors, and at the training: its curves, whatever program \
      named them, its parameters, and statistics of its layers. Each cause comes with the figures that speak for \
      it and what would confirm it. Exits with status 1 if a fault is found.

      EXAMPLES
        tracker run --preset saturated-digits && tracker diagnose latest
        tracker diagnose 12 --format json
        tracker diagnose 12 --metric my_objective
      """)

  @Argument(
    help: "An id, latest, latest~1, a unique name, or best:METRIC.", completion: Completion.run)
  var run = "latest"
  @Option(
    help: ArgumentHelp("The loss or the accuracy, if its name does not say so.", valueName: "key"),
    completion: Completion.metric)
  var metric: String?
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: ReadingOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(.looking, in: context)
    let run = try store.run(id: store.runID(run))
    if let metric, run.metrics[metric] == nil {
      throw unknownMetric(metric, of: run)
    }
    let findings = try RunDiagnosis(store: store, run: run, metric: metric).findings()
    output.show(
      DiagnosisView(run: run.id, findings: findings.map(DiagnosisView.Finding.init)), in: context)
    if findings.contains(where: { $0.cause.isFault && $0.likelihood > 0 }) { throw ExitStatus.no }
  }
}
