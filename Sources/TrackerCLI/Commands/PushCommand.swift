import ArgumentParser
import TrackerJSON
import TrackerMLflow
import TrackerStore
import TrackerSystem
import TrackerValues
import TrackerViews

struct PushCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "push",
    abstract: "Send runs to an MLflow server.",
    discussion: """
      Sends parameters, metrics with their times, tags, notes, files, gradient checks (as metrics, and as a JSON file) and \
      the end of each run; all runs where none is named. Push as often as you like: the server gets what it has not yet. \
      It may break off at any moment, and the same command goes on. What was left out is said.

      The address is --to, or $MLFLOW_TRACKING_URI. Who you are is said by $MLFLOW_TRACKING_TOKEN (or $TRACKER_TOKEN), or \
      by $MLFLOW_TRACKING_USERNAME and $MLFLOW_TRACKING_PASSWORD. A group's server on PostgreSQL: Documentation/push.md.

      EXAMPLES
        tracker push --to http://127.0.0.1:5000
        tracker push --to https://mlflow.example.org 12 13
        tracker push --where 'experiment = digits and status = finished'
        tracker push --follow latest
        tracker push --queued tracker-queue
      """)

  @OptionGroup var selection: RunSelection
  @Option(
    name: .customLong("to"),
    help: ArgumentHelp(
      "The server's address. (default: $MLFLOW_TRACKING_URI)", valueName: "uri"))
  var address: String?
  @Option(
    name: .customLong("queued"),
    help: ArgumentHelp(
      "Send what programs have queued here for their servers (--db http://… of a session).",
      valueName: "folder"), completion: .directory)
  var queued: String?
  @Flag(inversion: .prefixedNo, help: "Send the runs' files.")
  var artifacts = true
  @Flag(help: "Go on, and send what comes, until Ctrl-C or until every run has ended.")
  var follow = false
  @Flag(help: "Ask the server what it has, send nothing, and say what would be sent.")
  var dryRun = false
  @OptionGroup var store: StoreOptions

  func validate() throws {
    if follow, dryRun {
      throw ValidationError("--dry-run sends nothing, and --follow goes on sending")
    }
    if queued != nil, address != nil || dryRun || !selection.runs.isEmpty || store.database != nil {
      throw ValidationError("--queued sends all of a queue to the server that the queue names")
    }
  }

  func run(in context: CommandContext) throws {
    if let queued {
      StopSignal.listen()
      let push = QueuedPush(context: context, sendsArtifacts: artifacts)
      return follow ? try push.follow(queued) : try push.send(in: queued)
    }
    let environment = context.terminal.environment
    guard let address = address ?? environment["MLFLOW_TRACKING_URI"], !address.isEmpty else {
      throw CommandError(
        status: .usage, message: "no server was named",
        advice: "Name it with --to http://HOST:PORT, or in MLFLOW_TRACKING_URI.")
    }
    let store = try store.open(in: context)
    let connection = try ServerConnection(address, environment: environment)
    _ = try runs(of: store)
    StopSignal.listen()
    let display = PushDisplay(terminal: context.terminal, address: connection.address)
    let server = RemoteServer(
      isDryRun: dryRun, send: connection.send, pause: ServerConnection.pause)
    let push = try Push(
      store: store, server: server,
      options: PushOptions(
        sendsArtifacts: artifacts, document: Self.document, progress: display.progress))
    while true {
      let start = ContinuousClock.now
      let isOver = try sendAll(of: store, push, display)
      guard follow, !isOver else { return }
      // Short sleeps, so that Ctrl-C is answered at once; a store that takes long is looked at less often.
      try? ServerConnection.pause(max(.seconds(2), (ContinuousClock.now - start) * 4))
      if StopSignal.isRaised { return }
      try store.markCrashedRuns()
    }
  }

  /// The runs to send, by number; those that are archived only where they are named.
  private func runs(of store: Store) throws -> [(id: Int64, status: RunStatus)] {
    let ids = selection.runs.isEmpty ? nil : try selection.ids(in: store)
    return try store.runStatuses(
      RunQuery(ids: ids, includesArchived: ids != nil, condition: selection.condition)
    ).sorted { $0.id < $1.id }
  }

  /// Sends what is new.
  ///
  /// - Returns: whether every run has ended
  private func sendAll(of store: Store, _ push: Push, _ display: PushDisplay) throws -> Bool {
    let runs = try runs(of: store)
    var report = PushReport()
    var refused: [PushError] = []
    for id in try push.order(runs.map(\.id)) {
      do {
        let before = report.changeCount
        let place = try push.send(run: id, &report)
        display.show(id, place, isChanged: report.changeCount > before)
      } catch let error as PushError where error.isAboutOneRun {
        refused.append(error)
      } catch let error as PushError where follow && error.isPassing {
        display.note("\(error); trying again")
        display.summarize(report, isDryRun: dryRun)
        return false
      } catch {
        // What went over is there, and said.
        display.summarize(report, isDryRun: dryRun)
        throw error
      }
    }
    if !follow || !report.isEmpty { display.summarize(report, isDryRun: dryRun) }
    guard let first = refused.first else { return runs.allSatisfy { $0.status != .running } }
    for error in refused.dropLast() { display.note("error: \(error)") }
    throw refused.last ?? first
  }

  /// The gradient checks of a run, as `show --format json` has them.
  static func document(_ run: Run) -> String {
    JSONValue.object([
      "run": .string(run.uuid), "gradientChecks": .array(run.gradientChecks.map(\.json)),
    ]).pretty + "\n"
  }
}

/// What a push shows: a line for each run on the standard output, the rest beside it.
private struct PushDisplay {
  let terminal: Terminal
  let address: String

  func progress(_ text: String) {
    guard terminal.allowsProgressBar else { return }
    terminal.diagnostics.control("\r\u{1B}[2K")
    terminal.diagnostics.write(String(text.prefix(max(0, terminal.width - 1))))
  }

  private func clear() {
    if terminal.allowsProgressBar { terminal.diagnostics.control("\r\u{1B}[2K") }
  }

  func show(_ id: Int64, _ place: Push.Place, isChanged: Bool) {
    clear()
    guard isChanged || place.isNew else { return }
    guard !place.run.isEmpty else { return terminal.output.writeLine("\(id) → a new run") }
    terminal.output.writeLine(
      "\(id) → \(address)/#/experiments/\(place.experiment)/runs/\(place.run)")
  }

  func note(_ text: String) {
    clear()
    terminal.diagnostics.writeLine(text)
  }

  func summarize(_ report: PushReport, isDryRun: Bool) {
    let counts = [
      (report.runCount, "new run"), (report.pointCount, "point"),
      (report.parameterCount, "parameter"), (report.tagCount, "tag"),
    ].filter { $0.0 > 0 }.map { counted($0.0, $0.1) }
    let files =
      report.fileCount == 0
      ? [] : ["\(counted(report.fileCount, "file")) (\(readable(byteCount: report.byteCount)))"]
    let verb = isDryRun ? "would send" : "sent"
    note(
      (counts + files).isEmpty
        ? "the server has all of it" : "\(verb) \((counts + files).joined(separator: ", "))")
    for (reason, count) in report.omissions.counts {
      note("left out: \(count > 1 ? "\(grouped(count)) × " : "")\(reason)")
    }
  }
}
