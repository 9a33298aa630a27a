import ArgumentParser
import TrackerExperiments
import TrackerStore

/// What is watched for while a run goes on.
struct AlertOptions: ParsableArguments {
  @Option(
    name: .customLong("alert"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      Record an alert when this comes true, such as isnan(cost), 'cost > 3 * min(cost)', 'no point for 10m'; \
      may be repeated.
      """, valueName: "condition"))
  var conditions: [String] = []
  @Option(
    help: ArgumentHelp(
      "Start this program at each alert, with its title, text, level and the run's id as arguments.",
      valueName: "program"))
  var onAlert: String?
  @Flag(help: "Stop the run at its first alert.")
  var stopOnAlert = false
  @Flag(help: "Record an alert when the curves show a fault that is nearly certain.")
  var watchFaults = false

  func validate() throws {
    guard !conditions.isEmpty || watchFaults || (onAlert == nil && !stopOnAlert) else {
      throw ValidationError("--on-alert and --stop-on-alert go with --alert or --watch-faults")
    }
  }

  /// - Throws: ``FilterSyntaxError``
  func settings() throws -> Alerting.Settings {
    var settings = Alerting.Settings()
    for text in conditions { settings.conditions.append(try AlertCondition(text)) }
    settings.program = onAlert
    settings.stops = stopOnAlert
    settings.watchesFaults = watchFaults
    return settings
  }

  /// Watches a run, and tells of each alert on standard error; `nil` where nothing is watched for.
  func alerting(run: RunWriter, store: Store, in context: CommandContext) throws -> Alerting? {
    let settings = try settings()
    guard !settings.isEmpty else { return nil }
    try settings.save(with: run)
    return try settings.alerting(run: run, store: store, in: context)
  }

  /// Watches a run that goes on after it was begun, as it was asked for then, or by what is asked for now.
  func alerting(
    resuming run: RunWriter, store: Store, in context: CommandContext
  ) throws -> Alerting? {
    let asked = try settings()
    guard asked.isEmpty else {
      try asked.save(with: run)
      return try asked.alerting(
        run: run, store: store, recorded: store.run(id: run.id), in: context)
    }
    return try Alerting.Settings(of: run.id, in: store)?
      .alerting(run: run, store: store, recorded: store.run(id: run.id), in: context)
  }
}

extension Alerting.Settings {
  /// A watch that tells people of each alert.
  func alerting(
    run: RunWriter, store: Store, recorded: Run? = nil, in context: CommandContext
  ) throws -> Alerting {
    let diagnostics = context.terminal.diagnostics
    return try Alerting(self, run: run, store: store, recorded: recorded) { alert in
      let step = alert.step.map { " at step \($0)" } ?? ""
      diagnostics.writeLine(
        "alert: \(alert.title)\(step)\(alert.text.isEmpty ? "" : ": \(alert.text)")")
    }
  }
}
