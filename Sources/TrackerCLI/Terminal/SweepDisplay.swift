import Synchronization
import TrackerEngine
import TrackerExperiments
import TrackerReporting
import TrackerStore

/// How a sweep goes: a line for each trial that ends, and on a terminal a table of those that run under them.
final class SweepDisplay: Sendable {
  private struct Row {
    var trial: SweepTrial
    var epoch = 0
  }

  private struct State {
    var running: [Int: Row] = [:]
    var doneCount: Int
    var best: SweepTrial?
    var drawnLines = 0
    var lastDrawn: ContinuousClock.Instant?
  }

  private let sweep: Sweep
  private let parameters: [String]
  private let terminal: Terminal
  private let state: Mutex<State>

  /// - Parameter parameters: the options that vary
  init(sweep: Sweep, parameters: [String], terminal: Terminal) {
    self.sweep = sweep
    self.parameters = parameters
    self.terminal = terminal
    let done = sweep.trials.filter(\.isDone)
    var state = State(doneCount: done.count)
    for trial in done { Self.consider(trial, &state, sweep.start.direction) }
    self.state = Mutex(state)
  }

  /// Shows what happened; any thread may call it.
  func show(_ event: SweepEvent) {
    state.withLock { state in
      switch event {
      case .started(let trial): state.running[trial.number] = Row(trial: trial)
      case .epoch(let trial, let epoch):
        state.running[trial]?.epoch = epoch.epoch
        if let value = epoch[sweep.start.objective] { state.running[trial]?.trial.value = value }
      case .ended(let trial):
        state.running[trial.number] = nil
        if trial.isDone { state.doneCount += 1 }
        Self.consider(trial, &state, sweep.start.direction)
        erase(&state)
        terminal.diagnostics.writeLine(line(trial, doneCount: state.doneCount))
      }
      draw(&state)
    }
  }

  /// Takes the table away, so that what follows stands in its place.
  func clear() { state.withLock { erase(&$0) } }

  private static func consider(
    _ trial: SweepTrial, _ state: inout State, _ direction: MetricDirection
  ) {
    guard trial.runStatus == .finished, let value = trial.value, !value.isNaN else { return }
    let isBetter =
      state.best?.value.map { direction == .minimize ? value < $0 : value > $0 } ?? true
    if isBetter { state.best = trial }
  }

  private func line(_ trial: SweepTrial, doneCount: Int) -> String {
    var words = ["\(doneCount)/\(sweep.start.trialCount)", "run \(trial.runID)"]
    words += parameters.map { "\($0)=\(trial.values[$0] ?? "")" }
    if let value = trial.value { words.append("\(sweep.start.objective) \(value.readable())") }
    return (words + [trial.statusWord]).joined(separator: "  ")
  }

  private func erase(_ state: inout State) {
    guard state.drawnLines > 0 else { return }
    terminal.diagnostics.write("\u{1B}[\(state.drawnLines)A\u{1B}[J")
    state.drawnLines = 0
    state.lastDrawn = nil
  }

  private func draw(_ state: inout State) {
    guard terminal.allowsProgressBar else { return }
    let now = ContinuousClock.now
    if let last = state.lastDrawn, now - last < .milliseconds(100) { return }
    let rows = state.running.values.sorted { $0.trial.number < $1.trial.number }.prefix(20)
    erase(&state)
    guard !rows.isEmpty else { return }
    let objective = sweep.start.objective
    let table = DataTable(
      columns: [.init("trial"), .init("run")] + parameters.map { .init($0) }
        + [.init("epoch"), .init(objective)],
      rows: rows.map { row in
        [Cell(.integer(Int64(row.trial.number))), Cell(.integer(row.trial.runID))]
          + parameters.map { Cell(.text(row.trial.values[$0] ?? "")) }
          + [
            Cell(.integer(Int64(row.epoch))), row.trial.value.map { Cell(.real($0)) } ?? .missing,
          ]
      })
    var headline = "sweep \(sweep.id): \(state.doneCount)/\(sweep.start.trialCount) trials done"
    if let best = state.best {
      headline += ", best \(objective) \((best.value ?? .nan).readable()) (run \(best.runID))"
    }
    let width = terminal.width - 1
    let text = table.text(TextStyle(width: width)) + "\n" + String(headline.prefix(width))
    terminal.diagnostics.writeLine(text)
    state.drawnLines = text.count { $0 == "\n" } + 1
    state.lastDrawn = now
  }
}
