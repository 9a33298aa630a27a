import ArgumentParser
import TrackerExchange
import TrackerStore
import TrackerSystem
import TrackerViews

struct ImportCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring in runs: from another store, an export, or another tracker.",
    discussion: """
      What SOURCE is, is seen from its files, or said by --from: a store or an export of tracker's own; \
      MLflow (a folder mlruns, or the SQLite file of a server); TensorBoard's event files; W&B's offline runs; \
      Trackio; Sacred; DVCLive; CSV files such as those of Lightning, Keras and Ultralytics; JSON: \
      Hugging Face's trainer_state.json, rows, and lists of numbers by name, as Keras' history; JSON lines. \
      The source is only read.

      Runs get new numbers. Import as often as you like: a run that is here already gets what came since, and \
      nothing that is newer here is replaced. All is taken over or nothing. What was left out is said.

      EXAMPLES
        tracker import other.sqlite
        tracker import mlruns
        tracker import runs/ --from tensorboard
        tracker import wandb/ --follow
        tracker import lightning_logs/
        tracker import runs/detect
        tracker import history.csv --step-column iteration
        ssh elsewhere tracker export | tracker import -
      """)

  @Argument(
    help: "A file or a folder, or - for an export on standard input.", completion: .file())
  var source: String
  @Option(name: .customLong("from"), help: "What the source is.")
  var format: ForeignFormat?
  @Option(
    help: "The column, or the member, that counts the steps; else the usual names are looked for.")
  var stepColumn: String?
  @Flag(inversion: .prefixedNo, help: "Copy the files of another tracker's runs into the store.")
  var artifacts = true
  @Flag(help: "Go on, and import what comes, until Ctrl-C or until every run has ended.")
  var follow = false
  @OptionGroup var store: WritingOptions

  func run(in context: CommandContext) throws {
    let path = source == "-" ? source : absolutePath(source, in: context.workingDirectory)
    guard source == "-" || exists(path) else {
      throw CommandError(
        status: .noInput, message: "there is no file or folder \(source)", advice: nil)
    }
    let known = format ?? (source == "-" ? nil : ForeignFormat.recognized(at: path))
    let store = try store.create(in: context)
    guard let known else {
      guard !follow else {
        throw CommandError(
          status: .usage,
          message: "--follow is for the files of other trackers, and this is a store or an export",
          advice: nil)
      }
      let report = try store.importRuns(from: path, program: TrackerCommand.program)
      show(report, in: context)
      context.terminal.diagnostics.writeLine(summary(report))
      return
    }
    let source = ForeignImport(
      path: path, format: known, options: ForeignOptions(stepKey: stepColumn, isGrowing: follow),
      keepsArtifacts: artifacts, program: TrackerCommand.program)
    if follow { StopSignal.listen() }
    while true {
      let start = ContinuousClock.now
      let report = try importOnce(source, into: store, in: context)
      guard follow, report.mayGrow else { return }
      // A large source is read less often; short sleeps, so that Ctrl-C is answered at once.
      let next = ContinuousClock.now + max(.seconds(2), (ContinuousClock.now - start) * 4)
      while ContinuousClock.now < next {
        if StopSignal.isRaised { return }
        usleep(50_000)
      }
    }
  }

  private func importOnce(
    _ source: ForeignImport, into store: Store, in context: CommandContext
  ) throws -> ForeignImport.Report {
    let terminal = context.terminal
    let report = try source.run(into: store) { progress in
      guard terminal.allowsProgressBar, let words = words(progress) else { return }
      terminal.diagnostics.write("\r\u{1B}[2K\(words)")
    }
    if terminal.allowsProgressBar { terminal.diagnostics.write("\r\u{1B}[2K") }
    show(report.runs, in: context)
    terminal.diagnostics.writeLine(
      "\(summary(report.runs)); the source (\(report.format.rawValue)) holds "
        + "\(counted(report.pointCount, "point")), \(counted(report.artifactCount, "file"))")
    terminal.diagnostics.say(report.omissions)
    return report
  }

  private func show(_ report: ImportReport, in context: CommandContext) {
    let stream = context.terminal.output
    for pair in report.imported { stream.writeLine("\(pair.there) → \(pair.here)") }
    for pair in report.known {
      let added = report.additions.first { $0.run == pair }?.added
      stream.writeLine(
        "\(pair.there) was here already, as \(pair.here)"
          + (added.map { ": added \(words($0))" } ?? ""))
    }
  }

  /// What is shown meanwhile; nothing of what is over at once.
  private func words(_ progress: ForeignImport.Progress) -> String? {
    switch progress {
    case .read(0): "reading"
    case .read(let count): count % 10 == 0 ? "read \(counted(count, "run"))" : nil
    case .placing(let count): count < 100_000 ? nil : "placing \(counted(count, "point")) of a run"
    case .takingOver(let count): count < 100_000 ? nil : "taking over \(counted(count, "point"))"
    }
  }

  private func words(_ added: ImportReport.Addition) -> String {
    let counts = [
      (added.points, "point"), (added.parameters, "parameter"), (added.tags, "tag"),
      (added.texts, "text"), (added.artifacts, "artifact"), (added.checks, "gradient check"),
      (added.alerts, "alert"),
    ]
    return
      (counts.filter { $0.0 > 0 }.map { counted($0.0, $0.1) }
      + (added.status.map { ["its end (\($0))"] } ?? [])).joined(separator: ", ")
  }

  private func summary(_ report: ImportReport) -> String {
    "imported \(counted(report.imported.count, "run")); \(report.known.count) "
      + (report.known.count == 1 ? "was" : "were") + " here already"
  }
}

extension ForeignFormat: ExpressibleByArgument {}
