import ArgumentParser
import TrackerExperiments
import TrackerStore

struct StartCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Start a run that a script writes with log and ends with finish; print its id.",
    discussion: """
      No process owns such a run: it goes on until finish. With --pid it is seen as crashed when that process is \
      gone without finish. Each log looks for alerts; with \
      --stop-on-alert the log that raises one ends the run as interrupted, and exits with 1.

      EXAMPLES
        RUN=$(tracker start --param lr=0.1 --name first --pid $$)
        tracker log $RUN cost=0.41 accuracy=0.9
        tracker finish $RUN
        tracker start --parent $RUN --name "fold 1"
        RUN=$(tracker start --alert 'isnan(loss)' --stop-on-alert)
        tracker log $RUN loss=nan || exit
      """)

  @OptionGroup var options: ForeignRunOptions
  @Option(
    help: ArgumentHelp("The process that makes the run, such as $$ in a shell.", valueName: "pid"))
  var pid: Int32?
  @OptionGroup(title: "Alerts") var alerts: AlertOptions
  @OptionGroup var store: WritingOptions

  func run(in context: CommandContext) throws {
    var environment = RunEnvironment.current(
      program: TrackerCommand.program, directory: context.workingDirectory,
      keepsSecrets: options.keepSecrets)
    environment.process = try ProcessIdentity.maker(pid: pid)
    let settings = try alerts.settings()
    let store = try options.parent == nil ? store.create(in: context) : store.open(in: context)
    let run = try store.startRun(options.start(environment: environment, in: store, context))
    if !settings.isEmpty { try settings.save(with: run) }
    context.terminal.output.writeLine("\(run.id)")
  }
}

extension ProcessIdentity {
  /// The process that makes a run which a script writes command by command; none if none was named.
  static func maker(pid: Int32?) throws -> ProcessIdentity {
    guard let pid else { return .none }
    guard let found = ProcessIdentity.running(pid: pid) else {
      throw CommandError(
        status: .usage, message: "there is no process \(pid)",
        advice: "In a shell script it is --pid $$")
    }
    return found
  }
}

struct LogCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Log values of metrics to a run that goes on.",
    discussion: """
      All values of one call belong to one step: --step, else the one after the run's last. nan, inf and \
      -inf are values.

      EXAMPLES
        tracker log $RUN cost=0.41 accuracy=0.9
        tracker log $RUN --step 100 cost=0.02
      """)

  @Argument(help: "An id, latest, or a unique name.", completion: Completion.run)
  var run: String
  @Argument(help: ArgumentHelp("Metrics with their values.", valueName: "key=value"))
  var values: [Tag]
  @Option(
    parsing: .unconditional, help: "The step that the values belong to; may be below zero.")
  var step: Int64?
  @OptionGroup var store: WritingOptions

  func validate() throws { try values.requireUniqueKeys("log") }

  func run(in context: CommandContext) throws {
    let numbers = try values.map { value in
      guard let number = Double(value.value) else {
        throw CommandError(
          status: .usage, message: "\(value.key): \"\(value.value)\" is not a number",
          advice: "Texts and settings go with tracker param, or with tag.")
      }
      return (key: value.key, value: number)
    }
    let store = try store.open(in: context)
    let writer = try store.runWriter(id: store.runID(run))
    let alerting = try Alerting.Settings(of: writer.id, in: store)?
      .alerting(run: writer, store: store, recorded: store.run(id: writer.id), in: context)
    // What came too late is told before it comes.
    alerting?.look()
    let logged: Int64
    if let step {
      try writer.log(numbers, step: step)
      logged = step
    } else {
      logged = try writer.logNext(numbers)
    }
    alerting?.see(numbers, step: logged)
    if let stopper = alerting?.stopper {
      try writer.finish(.interrupted, outcome: "Stopped by an alert: \(stopper.title).")
      throw ExitStatus.no
    }
  }
}

struct FinishCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "finish",
    abstract: "End a run that goes on.",
    discussion: """
      EXAMPLES
        tracker finish $RUN
        tracker finish $RUN --status failed --error "out of memory"
      """)

  @Argument(help: "An id, latest, or a unique name.", completion: Completion.run)
  var run: String
  @Option(help: "How it ended.")
  var status = RunEnding.finished
  @Option(help: "What went wrong; the run has then failed.")
  var error: String?
  @OptionGroup var store: WritingOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let writer = try store.runWriter(id: store.runID(run))
    try writer.finish(error == nil ? status : .failed, error: error)
  }
}
