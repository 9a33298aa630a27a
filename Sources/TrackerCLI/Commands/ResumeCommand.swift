import ArgumentParser
import TrackerExperiments
import TrackerStore

struct ResumeCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a run that was interrupted or crashed, as if it had never stopped.",
    discussion: """
      Starts from the run's last checkpoint (run --checkpoint-every N, else every half minute of \
      training, and at Ctrl-C), or from the run's start if it has none. With the same build, on the same kind of \
      processor, the result is the same to the bit as without the stop. The run keeps its alerts, unless you \
      give others here.

      EXAMPLES
        tracker resume latest
        tracker run --epochs 100000 --checkpoint-every 100    then Ctrl-C
        tracker resume latest --quiet
      """)

  @Argument(help: "An id, latest, latest~1, or a unique name.", completion: Completion.run)
  var run = "latest"
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
}
