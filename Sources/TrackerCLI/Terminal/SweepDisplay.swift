import Synchronization
import TrackerEngine
import TrackerExperiments
import TrackerViews
import TrackerStore

/// How a sweep goes: on a terminal a table that is drawn over again, elsewhere a line for each trial that ends.
final class SweepDisplay: Sendable {
  private struct State {
    var view: SweepProgressView
    var running: [Int: SweepProgressView.Running] = [:]
    /// How many trials ended since this began.
    var endedCount = 0
    /// The columns that each line takes that stands on the terminal.
    var drawn: [Int] = []
    var lastDrawn: ContinuousClock.Instant?
  }

  /// So many of the best are kept to be shown.
  private static let bestCount = 5

  private let sweep: Sweep
  private let parameters: [SweepView.Parameter]
  private let terminal: Terminal
  private let start = ContinuousClock.now
  private let state: Mutex<State>

  /// - Parameter parameters: the options that vary
  init(sweep: Sweep, parameters: [SweepView.Parameter], terminal: Terminal) {
    self.sweep = sweep
    self.parameters = parameters
    self.terminal = terminal
    var view = SweepProgressView(
      id: sweep.id, trialCount: sweep.start.trialCount, objective: sweep.start.objective,
      parameters: parameters)
    for trial in sweep.trials where trial.isDone {
      Self.count(trial, in: &view, sweep.start.direction)
    }
    state = Mutex(State(view: view))
  }

  /// Shows what happened; any thread may call it.
  func show(_ event: SweepEvent) {
    state.withLock { state in
      switch event {
      case .started(let trial, let epochLimit):
        state.running[trial.number] = .init(trial: trial, epochLimit: epochLimit)
      case .epoch(let trial, let epoch):
        state.running[trial]?.epoch = epoch.epoch
        if let value = epoch[sweep.start.objective] {
          state.running[trial]?.trial.value = value
          state.running[trial]?.values.append(value)
        }
      case .ended(let trial):
        state.running[trial.number] = nil
        if trial.isDone {
          state.endedCount += 1
          Self.count(trial, in: &state.view, sweep.start.direction)
        }
        // On a terminal the table says it; but what failed is worth more than a moment.
        if !terminal.allowsProgressBar || trial.runStatus == .failed {
          erase(&state)
          terminal.diagnostics.writeLine(line(trial, doneCount: state.view.doneCount))
        }
      }
      draw(&state)
    }
  }

  /// Takes the table away, so that what follows stands in its place.
  func clear() { state.withLock { erase(&$0) } }

  private static func count(
    _ trial: SweepTrial, in view: inout SweepProgressView, _ direction: MetricDirection
  ) {
    view.doneCount += 1
    if trial.isPruned { view.prunedCount += 1 }
    if trial.runStatus == .failed { view.failedCount += 1 }
    guard trial.runStatus == .finished, let value = trial.value, !value.isNaN else { return }
    let place = view.best.firstIndex { other in
      other.value.map { direction == .minimize ? value < $0 : value > $0 } ?? true
    }
    view.best.insert(trial, at: place ?? view.best.count)
    if view.best.count > bestCount { view.best.removeLast() }
  }

  private func line(_ trial: SweepTrial, doneCount: Int) -> String {
    var words = ["\(doneCount)/\(sweep.start.trialCount)", "run \(trial.runID)"]
    words += parameters.map { "\($0.option)=\(trial.values[$0.option] ?? "")" }
    if let value = trial.value { words.append("\(sweep.start.objective) \(value.readable())") }
    return (words + [trial.statusWord]).joined(separator: "  ")
  }

  private func draw(_ state: inout State) {
    guard terminal.allowsProgressBar else { return }
    let now = ContinuousClock.now
    if let last = state.lastDrawn, now - last < .milliseconds(100) { return }
    state.lastDrawn = now
    state.view.running = state.running.values.sorted { $0.trial.number < $1.trial.number }
    state.view.seconds = (now - start) / .seconds(1)
    let rest = state.view.trialCount - state.view.doneCount
    state.view.secondsLeft =
      state.endedCount > 0 ? state.view.seconds / Double(state.endedCount) * Double(rest) : nil
    let size = terminal.size()
    let style = TextStyle(colour: true)
    let lines = state.view.lines(width: size.columns - 1, height: size.lines - 2, style)
    replace(&state, with: lines, columns: size.columns)
  }

  private func erase(_ state: inout State) {
    guard !state.drawn.isEmpty else { return }
    replace(&state, with: [], columns: terminal.size().columns)
    state.lastDrawn = nil
  }

  /// Draws over what stands there, line by line: some terminals keep what is erased all at once in their history.
  private func replace(_ state: inout State, with lines: [String], columns: Int) {
    // A terminal that has become narrower shows its lines over several.
    let old = state.drawn.reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
    let rest = max(0, old - lines.count)
    let text = (lines + Array(repeating: "", count: rest))
      .map { "\u{1B}[2K\($0.printableStyled)\n" }.joined()
    terminal.diagnostics.control(
      "\u{1B}[?2026h" + up(old) + text + up(rest) + "\u{1B}[?2026l")
    state.drawn = lines.map(\.styledWidth)
  }

  private func up(_ lines: Int) -> String { lines > 0 ? "\u{1B}[\(lines)A" : "" }
}
