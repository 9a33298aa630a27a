import TrackerViews
import TrackerStore

extension WatchState {
  /// The runs that there is room for, under a header; the chosen one is marked.
  func listLines(_ style: TextStyle) -> [String] {
    let shown = Array(shown)
    // What does not fit is left out without a word: the screen says it with room to spare.
    var lines = table(of: shown, style).text(style).split(separator: "\n").map(String.init)
    lines = Array(lines.prefix(shown.count + 1))
    let chosen = place - top + 1
    if style.colour, lines.indices.contains(chosen) {
      lines[chosen] = lines[chosen].reversed(over: size.width)
    }
    return lines
  }

  private func table(of entries: [WatchData.Entry], _ style: TextStyle) -> DataTable {
    let columns = columns(of: entries.compactMap { data.runs[$0.id] }, now: style.now)
    let rows = entries.enumerated().map { index, entry -> [Cell] in
      let marker = Cell.text(top + index == place ? "▸" : "")
      guard let run = data.runs[entry.id] else {
        return [marker] + columns.map { $0.column.key == "id" ? .integer(entry.id) : .missing }
      }
      return [marker] + columns.map { $0.cell(run) }
    }
    return DataTable(columns: [.init("")] + columns.map(\.column), rows: rows)
  }

  /// The columns of `list`; beside the status how far a run has come, behind the metrics the curve of the one that is
  /// aimed at, and for how long a run has been going on.
  private func columns(of runs: [Run], now: Timestamp) -> [RunColumn] {
    let metrics = RunListView.tellingMetrics(of: runs)
    let told = RunListView.tellingColumns(of: runs, metrics: metrics).filter {
      $0.column.key != "durationSeconds"
    }
    let last = told.lastIndex { $0.column.key.hasPrefix("metrics.") }
    let curves = data.curves
    var columns: [RunColumn] = []
    for (index, column) in told.enumerated() {
      switch column.column.key {
      case "name":
        columns.append(
          RunColumn("name") { .text($0.name?.visible.abbreviated(to: 24)) })
      case "status":
        columns += [column, RunColumn("step", rank: 1) { .text($0.progress) }]
      case "check": columns.append(RunColumn("check") { $0.checkMark })
      default: columns.append(column)
      }
      guard index == last, !curves.isEmpty else { continue }
      columns.append(
        RunColumn("curve", rank: 2) { run in
          curves[run.id].map { Cell(.curve($0.map(\.value))) } ?? .missing
        })
    }
    let took = RunColumn("took", rank: 5) { .duration($0.seconds(until: now)) }
    return runs.isEmpty ? [RunColumn("id") { .integer($0.id) }] : columns + [took]
  }
}

extension Run {
  /// How far it has come: `120/200` epochs, or `120` where nobody knows how many there will be.
  var progress: String? {
    guard let step = metrics.values.map(\.lastStep).max() else { return nil }
    guard let limit = epochLimit else { return "\(step)" }
    return "\(step)/\(limit)"
  }

  /// How many epochs there are at most, if it was started with such a limit.
  var epochLimit: Int64? {
    if case .integer(let limit)? = parameters["epochs"], limit > 0 { limit } else { nil }
  }

  /// How long it took, or for how many whole seconds it has been going on.
  func seconds(until now: Timestamp) -> Double? {
    status == .running
      ? Double(max(0, now.milliseconds - startedAt.milliseconds) / 1000) : durationSeconds
  }

  /// Whether its gradient checks passed.
  fileprivate var checkMark: Cell {
    guard !gradientChecks.isEmpty else { return .missing }
    return gradientChecks.allSatisfy(\.passed) ? .text("✓", .good) : .text("✗", .bad)
  }
}
