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
      Looks at the last check that failed, with its vectors, and at the training's curves. Each cause \
      comes with the figures that speak for it and the command that would confirm it. Exits with \
      status 1 if a fault is found. Documentation/diagnosis.md explains every cause.

      EXAMPLES
        tracker run --preset saturated-digits && tracker diagnose latest
        tracker diagnose 12 --format json
      """)

  @Argument(
    help: "An id, latest, latest~1, a unique name, or best:METRIC.", completion: Completion.run)
  var run = "latest"
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: ReadingOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let run = try store.run(id: store.runID(run))
    let findings = try RunDiagnosis(store: store, run: run).findings()
    output.show(
      DiagnosisView(run: run.id, findings: findings.map(DiagnosisView.Finding.init)), in: context)
    if findings.contains(where: { $0.cause.isFault }) { throw ExitStatus.no }
  }
}

extension DiagnosisView.Finding {
  /// A finding, ready to be shown.
  init(_ finding: Finding) {
    self.init(
      cause: finding.cause.rawValue, likelihood: finding.likelihood, summary: finding.summary,
      evidence: finding.evidence, confirm: finding.confirm)
  }
}
