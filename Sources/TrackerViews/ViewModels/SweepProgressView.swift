package import TrackerStore

/// A sweep while it runs: the trials that run, the best so far, and how long it will take.
package struct SweepProgressView: Sendable {
  /// A trial that runs.
  package struct Running: Sendable {
    package var trial: SweepTrial
    /// How far it is.
    package var epoch = 0
    /// How far it can go.
    package var epochLimit: Int
    /// The objective after each epoch.
    package var values: [Double] = []

    package init(trial: SweepTrial, epochLimit: Int) {
      self.trial = trial
      self.epochLimit = epochLimit
    }
  }

  /// The sweep's number.
  package var id: Int64
  /// How many trials there are to be.
  package var trialCount: Int
  /// The metric to improve.
  package var objective: String
  /// What varies.
  package var parameters: [SweepView.Parameter]
  /// Trials that run, in the order of their numbers.
  package var running: [Running] = []
  /// The best of those that came to their end, the very best first.
  package var best: [SweepTrial] = []
  /// How many trials are done with, whatever came of them.
  package var doneCount = 0
  /// How many of those were ended early.
  package var prunedCount = 0
  /// How many of those failed.
  package var failedCount = 0
  /// For how long it has been going on.
  package var seconds = 0.0
  /// How long it will still take, as far as can be known.
  package var secondsLeft: Double?

  /// A sweep that begins.
  package init(
    id: Int64, trialCount: Int, objective: String, parameters: [SweepView.Parameter]
  ) {
    self.id = id
    self.trialCount = trialCount
    self.objective = objective
    self.parameters = parameters
  }

  /// A line on the whole, and a table of what runs and of the best so far.
  ///
  /// - Parameters:
  ///   - width: columns that no line goes beyond
  ///   - height: at most so many lines
  package func lines(width: Int, height: Int, _ style: TextStyle) -> [String] {
    var style = style
    style.width = width
    let room = max(0, height - 2)
    let shownRunning = running.prefix(max(1, room - min(best.count, 3)))
    let shownBest = best.prefix(max(0, room - shownRunning.count))
    guard !(shownRunning.isEmpty && shownBest.isEmpty), room > 0 else {
      return [headline(style, width)]
    }
    let rows =
      shownRunning.map(row) + shownBest.enumerated().map { row($1, isBest: $0 == 0) }
    let table = DataTable(
      columns: [.init("trial", rank: 2), .init("run"), .init("")]
        + parameters.map { .init($0.key, rank: 1) }
        + [.init("epoch", rank: 3), .init(objective), .init("curve", rank: 4)],
      rows: rows)
    let lines = table.text(style).split(separator: "\n").prefix(rows.count + 1)
    return [headline(style, width)] + lines.map { String($0).clipped(to: width).text }
  }

  private func row(_ running: Running) -> [Cell] {
    let trial = running.trial
    return cells(
      trial, .text("running", .strong), epoch: "\(running.epoch)/\(running.epochLimit)",
      curve: running.values.isEmpty ? .missing : Cell(.curve(running.values)))
  }

  private func row(_ trial: SweepTrial, isBest: Bool) -> [Cell] {
    cells(
      trial, isBest ? .text("best", .good) : .text("done", .faint), epoch: nil, curve: .text(""))
  }

  private func cells(
    _ trial: SweepTrial, _ state: Cell, epoch: String?, curve: Cell
  ) -> [Cell] {
    [.count(trial.number), .integer(trial.runID), state]
      + parameters.map { .text(trial.values[$0.option]) }
      + [.text(epoch ?? ""), .real(trial.value), curve]
  }

  /// Of what there is to say as much as there is room for, the most important first.
  private func headline(_ style: TextStyle, _ width: Int) -> String {
    var counts = ["\(grouped(doneCount)) of \(grouped(trialCount)) done"]
    if prunedCount > 0 { counts.append("\(grouped(prunedCount)) pruned") }
    if failedCount > 0 { counts.append("\(grouped(failedCount)) failed") }
    let title = "sweep \(id)"
    var text = title + "  " + counts.joined(separator: ", ")
    var times = readable(wholeSeconds: seconds.rounded(.down))
    if let secondsLeft {
      times += ", ≈ \(readable(wholeSeconds: secondsLeft.rounded(.up))) left"
    }
    if text.displayWidth + 2 + times.displayWidth <= width { text += "  " + times }
    let room = min(30, width - text.displayWidth - 2)
    if room >= 8 {
      let filled = trialCount == 0 ? room : min(room, doneCount * room / trialCount)
      let bar =
        String(repeating: "━", count: filled) + String(repeating: "╌", count: room - filled)
      text = title + "  " + bar + text.dropFirst(title.count)
    }
    return style.painted(text.abbreviated(to: width), .strong)
  }
}
