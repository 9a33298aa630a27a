import ArgumentParser
import TrackerEngine
import TrackerExperiments
import TrackerStore

struct RunCommand: TrackerSubcommand, RunArguments {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train a network, check its gradient and record it all.",
    discussion: """
      Trains a 64–100–10 network on the digits that scikit-learn ships, unless told otherwise, and \
      writes every epoch to the store before the next one begins. Ctrl-C ends the run as interrupted, \
      with all its epochs.

      In a git work tree the run records the commit, and keeps uncommitted changes (git diff HEAD) as its \
      artifact code.patch, so that compare can show what differs. --no-patch leaves them out.

      EXAMPLES
        tracker run --lambda 0.5
        tracker run --init-range 0:3 --cost clamped --epsilon 1e-7
        tracker run --hidden 50,20 --activation relu --output softmax --seed 3
        tracker run --preset saturated-digits --require-check
        tracker run --data iris.csv --header --drop-columns 1

      Data and training together take at most $TRACKER_MEMORY_LIMIT GB of memory, 4 by default.
      """)

  @Option(help: .preset, completion: Completion.preset) var preset: String?
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Training") var training: TrainingOptions
  @OptionGroup(title: "Gradient check") var check: CheckOptions
  @OptionGroup(title: "Gradient check") var method: CheckMethodOptions
  @OptionGroup(title: "Record") var record: RecordOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup(title: "Record") var patch: PatchOptions
  @OptionGroup(title: "Alerts") var alerts: AlertOptions
  @OptionGroup(title: "Output") var store: WritingOptions
  @OptionGroup var output: FormatOptions
  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false
  @Flag(help: "Show the presets and end.")
  var listPresets = false

  func run(in context: CommandContext) throws {
    if listPresets { return showPresets(in: context) }
    try threads.apply(in: context)
    let configuration = try configuration(in: context)
    _ = try alerts.settings()
    let dataset = try configuration.data.load()
    try configuration.training.requireMemory(for: dataset)
    for remark in dataset.remarks { context.terminal.diagnostics.writeLine("note: \(remark)") }
    if !dataset.remarks.isEmpty {
      context.terminal.diagnostics.writeLine(
        "Choose columns with --label-column, and leave some out with --drop-columns.")
    }
    let store = try store.create(in: context)
    let environment = RunEnvironment.current(
      program: TrackerCommand.program, directory: context.workingDirectory)
    let experiment = try Experiment(
      configuration: configuration, dataset: dataset, store: store, environment: environment,
      patch: patch.patch(of: environment, in: context))
    let alerting = try alerts.alerting(run: experiment.writer, store: store, in: context)
    try LiveTraining(experiment: experiment, path: store.path, isQuiet: quiet, alerting: alerting)
      .run(requiresCheck: check.requireCheck, output: output, in: context)
  }

  private func showPresets(in context: CommandContext) {
    let width = Preset.all.map(\.name.count).max() ?? 0
    for preset in Preset.all {
      let padding = String(repeating: " ", count: width - preset.name.count)
      context.terminal.output.writeLine("\(preset.name)\(padding)  \(preset.summary)")
    }
  }
}
