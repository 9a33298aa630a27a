import ArgumentParser
import TrackerExperiments
import TrackerReporting
import TrackerStore

struct ReportCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write all of it into one HTML file that needs nothing else.",
    discussion: """
      EXAMPLES
        tracker report --html
        tracker report 12 13 --html -o two-runs.html
        tracker report --html --experiment sweep-1
      """)

  @Argument(help: "Runs to report on; by default all that are not archived.")
  var runs: [String] = []
  @Flag(help: "Write HTML, which is the default.")
  var html = false
  @Option(name: [.customShort("o"), .customLong("output")], help: "The file to write.")
  var file = "tracker-report.html"
  @Option(help: "Report on the runs of this experiment alone.")
  var experiment: String?
  @OptionGroup var store: StoreOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let runs =
      try self.runs.isEmpty
      ? store.runs(RunQuery(experiment: experiment))
      : self.runs.map { try store.run(id: store.runID($0)) }
    let view = ReportView(
      title: experiment ?? "Runs", runs: try runs.map { try ReportRun($0, from: store) },
      madeAt: context.now(), command: RunEnvironment.current().command)
    let path = FileSystem.absolute(file, in: context.workingDirectory)
    try FileSystem.replace(path, with: view.html())
    context.terminal.output.writeLine("wrote \(file) (\(runs.count) runs)")
  }
}

extension ReportRun {
  /// A run with its curves and its checks' vectors.
  fileprivate init(_ run: Run, from store: Store) throws {
    var vectors: [Int64: GradientCheckRecord.Vectors] = [:]
    for check in run.gradientChecks {
      vectors[check.id] = try store.vectors(ofCheck: check.id)
    }
    // A check that failed is explained beside its picture.
    let findings =
      run.gradientChecks.contains { !$0.passed }
      ? try RunDiagnosis(store: store, run: run).findings().map(DiagnosisView.Finding.init) : []
    self.init(
      run: run, curves: try store.curves(of: [run]), vectors: vectors, findings: findings)
  }
}
