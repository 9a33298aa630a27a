import ArgumentParser
import TrackerExperiments
import TrackerStore
import TrackerViews

struct ResumeCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a run that was interrupted or crashed, as if it had never stopped.",
    discussion: """
      A run of tracker run is trained on. Any other run, ended or not, is opened for logging again, and its id \
      printed: log, param and finish take it as after start.

      Starts from the run's last checkpoint (run --checkpoint-every N, else every half minute of \
      training, and at Ctrl-C), or from the run's start if it has none. With the same build, on the same kind of \
      processor, the result is the same to the bit as without the stop. The run keeps its alerts, unless you \
      give others here.

      EXAMPLES
        tracker resume latest
        tracker run --epochs 100000 --checkpoint-every 100    then Ctrl-C
        tracker resume latest --quiet
        tracker resume 12 --pid $$ && tracker log 12 cost=0.3 && tracker finish 12
      """)

  @Argument(help: "An id, latest, latest~1, or a unique name.", completion: Completion.run)
  var run = "latest"
  @Option(
    help: ArgumentHelp(
      "The process that makes a run of another program from now on, such as $$ in a shell.",
      valueName: "pid"))
  var pid: Int32?
  @OptionGroup var threads: ThreadOptions
  @OptionGroup(title: "Alerts") var alerts: AlertOptions
  @OptionGroup var store: WritingOptions
  @OptionGroup var output: FormatOptions
  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  func run(in context: CommandContext) throws {
    try threads.apply(in: context)
    let store = try store.open(in: context)
    let run = try store.run(id: store.runID(run))
    guard Resumption.isTraining(run) else { return try reopen(run, in: store, context) }
    guard pid == nil else {
      throw CommandError(
        status: .usage, message: "run \(run.id) is trained on by this process itself",
        advice: "Leave --pid out.")
    }
    let experiment = try Resumption.experiment(
      of: run, in: store,
      environment: .current(
        program: TrackerCommand.program, directory: context.workingDirectory))
    let alerting = try alerts.alerting(resuming: experiment.writer, store: store, in: context)
    try LiveTraining(
      experiment: experiment, path: store.path, isQuiet: quiet, alerting: alerting
    )
    .run(requiresCheck: false, output: output, in: context)
  }

  /// Opens a run of another program for logging.
  private func reopen(_ run: Run, in store: Store, _ context: CommandContext) throws {
    var environment = RunEnvironment.current(
      program: TrackerCommand.program, directory: context.workingDirectory)
    environment.process = try ProcessIdentity.maker(pid: pid)
    let opened = try store.reopenRun(id: run.id, environment: environment)
    let settings = try alerts.settings()
    if !settings.isEmpty { try settings.save(with: store.runWriter(id: run.id)) }
    context.terminal.output.writeLine("\(run.id)")
    context.terminal.diagnostics.writeLine(
      opened.isJoined
        ? "\(run.label) goes on already, in another process, which ends it"
        : "\(run.label) goes on; its next step is \(opened.nextStep)")
  }
}
