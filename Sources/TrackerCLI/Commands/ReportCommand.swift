import ArgumentParser
import TrackerExperiments
import TrackerReporting
import TrackerStore

struct ReportCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write all of it into one HTML file that needs nothing else, or as Markdown.",
    discussion: """
      EXAMPLES
        tracker report --html
        tracker report 12 13 --html -o two-runs.html
        tracker report --html --where 'experiment = sweep-1 and status = finished' --open
        tracker report 12 13 --markdown >> pull-request.md
      """)

  @OptionGroup var selection: RunSelection
  @Flag(help: "Write HTML, which is the default.")
  var html = false
  @Flag(help: "Write Markdown, to the standard output unless a file is named.")
  var markdown = false
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: "The file to write. (default: tracker-report.html)")
  var file: String?
  @Flag(help: "Open the file in the browser.")
  var open = false
  @Option(help: "Report on the runs of this experiment alone.")
  var experiment: String?
  @OptionGroup var store: StoreOptions

  func validate() throws {
    if html, markdown { throw ValidationError("give one of --html and --markdown") }
    if open, markdown, file == nil {
      throw ValidationError("--open needs a file: name it with -o")
    }
    if experiment != nil, !selection.runs.isEmpty || selection.condition != nil {
      throw ValidationError("name runs, or give --where, or --experiment")
    }
  }

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let runs =
      try selection.read(from: store) ?? store.runs(RunQuery(experiment: experiment))
    let budget = CurveBudget(runs)
    let view = ReportView(
      title: experiment ?? "Runs",
      runs: try runs.map { try ReportRun($0, from: store, curveLimit: budget.readLimit) },
      madeAt: context.now(), command: RunEnvironment.current().command)
    if markdown, file == nil { return context.terminal.output.write(view.markdown) }
    let file = file ?? "tracker-report.html"
    let path = FileSystem.absolute(file, in: context.workingDirectory)
    try FileSystem.replace(path, with: markdown ? view.markdown : view.html())
    context.terminal.output.writeLine("wrote \(file) (\(counted(runs.count, "run")))")
    if open, !FileSystem.show(path) {
      context.terminal.diagnostics.writeLine("warning: no program was found to open it with")
    }
  }
}

extension ReportRun {
  /// A run with its curves and its checks' vectors.
  fileprivate init(_ run: Run, from store: Store, curveLimit: Int) throws {
    var vectors: [Int64: GradientCheckRecord.Vectors] = [:]
    for check in run.gradientChecks {
      vectors[check.id] = try store.vectors(ofCheck: check.id)
    }
    // A check that failed is explained beside its picture.
    let findings =
      run.gradientChecks.contains { !$0.passed }
      ? try RunDiagnosis(store: store, run: run).findings().map(DiagnosisView.Finding.init) : []
    let curves = try run.metrics.keys.map { key in
      let points = try store.points(run: run.id, metric: key)
      return MetricCurve(run: run.id, metric: key, points: points).preselected(count: curveLimit)
    }
    self.init(run: run, curves: curves, vectors: vectors, findings: findings)
  }
}
