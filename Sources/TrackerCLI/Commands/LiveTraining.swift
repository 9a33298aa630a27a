import TrackerEngine
import TrackerExperiments
import TrackerGradientCheck
import TrackerViews
import TrackerStore

/// A training that somebody watches in the terminal: what `run` and `resume` have in common.
struct LiveTraining {
  let experiment: Experiment
  let path: String
  let isQuiet: Bool
  var alerting: Alerting?

  /// Trains, shows the progress and prints the summary.
  ///
  /// - Throws: ``ExitStatus/interrupted`` when it was stopped by a signal, ``ExitStatus/no`` when a check
  ///   failed that had to pass
  func run(requiresCheck: Bool, output: FormatOptions, in context: CommandContext) throws {
    StopSignal.listen()
    let diagnostics = context.terminal.diagnostics
    let progress =
      isQuiet ? nil : ProgressLine(terminal: context.terminal, total: experiment.epochLimit)
    if !isQuiet { diagnostics.writeLine("run \(experiment.runID) in \(path)") }
    var failedChecks = 0
    let status = try experiment.run(
      onNotice: { notice in
        progress?.clear()
        diagnostics.writeLine(notice.sentence)
      }, alerting: alerting, show: { progress?.show($0) ?? false }
    ) { event in
      if case .gradientCheck(let check, _) = event, !check.passed {
        failedChecks += 1
        progress?.clear()
        diagnostics.writeLine(
          "warning: the gradient check failed: \(check.failedCount) of \(check.checkedCount) "
            + "derivatives differ. See: tracker diagnose \(experiment.runID)")
      }
      return StopSignal.isRaised ? .stop : .proceed
    }
    progress?.clear()

    output.show(RunSummaryView(run: try experiment.record()), in: context)
    if status == .interrupted { throw ExitStatus.interrupted }
    if failedChecks > 0, requiresCheck { throw ExitStatus.no }
  }
}
