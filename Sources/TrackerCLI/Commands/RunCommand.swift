import ArgumentParser
import TrackerEngine
import TrackerExperiments
import TrackerGradientCheck
import TrackerReporting
import TrackerStore

struct RunCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train a network, check its gradient and record it all.",
    discussion: """
      Trains a 64–100–10 network on the digits that scikit-learn ships, unless told otherwise, and \
      writes every epoch to the store before the next one begins. Ctrl-C ends the run as interrupted, \
      with all its epochs.

      EXAMPLES
        tracker run --lambda 0.5
        tracker run --init-range 0:3 --cost clamped --epsilon 1e-7 --optimizer tnc
        tracker run --hidden 50,20 --activation relu --output softmax --seed 3 --tag team=a
        tracker run --preset saturated-digits --require-check
      """)

  @OptionGroup var options: RunOptions
  @OptionGroup(title: "Output") var store: StoreOptions
  @OptionGroup var output: FormatOptions
  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false
  @Flag(help: "Show the presets and end.")
  var listPresets = false

  func run(in context: CommandContext) throws {
    if listPresets { return showPresets(in: context) }
    let configuration = try options.configuration()
    let dataset = try configuration.data.load()
    StopSignal.listen()

    let path = store.path(in: context)
    let session = try Experiment(
      configuration: configuration, dataset: dataset,
      store: Store(path: path, program: TrackerCommand.program),
      environment: .current(program: TrackerCommand.program))
    let progress =
      quiet ? nil : ProgressLine(terminal: context.terminal, total: configuration.training.epochs)
    if !quiet {
      context.terminal.diagnostics.writeLine("run \(session.runID) in \(path)")
    }
    var failedChecks = 0
    let status = try session.run { event in
      switch event {
      case .epoch(let epoch): progress?.show(epoch)
      case .gradientCheck(let check, _) where !check.passed:
        failedChecks += 1
        progress?.clear()
        context.terminal.diagnostics.writeLine(
          "warning: the gradient check failed: \(check.failedCount) of \(check.checkedCount) "
            + "derivatives differ. See: tracker show \(session.runID)")
      default: break
      }
      return StopSignal.isRaised ? .stop : .proceed
    }
    progress?.clear()

    output.show(RunSummaryView(run: try session.record()), in: context)
    if status == .interrupted { throw ExitStatus.interrupted }
    if failedChecks > 0 && options.check.requireCheck { throw ExitStatus.no }
  }

  private func showPresets(in context: CommandContext) {
    let width = Preset.all.map(\.name.count).max() ?? 0
    for preset in Preset.all {
      let padding = String(repeating: " ", count: width - preset.name.count)
      context.terminal.output.writeLine("\(preset.name)\(padding)  \(preset.summary)")
    }
  }
}
