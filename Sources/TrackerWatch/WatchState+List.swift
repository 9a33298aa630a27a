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
    let runs = entries.compactMap { data.runs[$0.id] }
    let metrics = RankingMetric.headline(of: runs.flatMap(\.metrics.keys))
    let parameters = ParameterDifferences(runs).keys.prefix(3)
    let columns: [DataTable.Column] =
      [.init(""), .init("id"), .init("name"), .init("status"), .init("epoch")]
      + metrics.enumerated().map { .init($1, rank: $0) }
      + [
        .init("check"), .init("curve", rank: 2), .init("started", rank: 4),
        .init("took", rank: 5),
      ] + parameters.map { .init($0, rank: 6) } + [.init("experiment", rank: 7)]
    let rows = entries.enumerated().map { index, entry -> [Cell] in
      let marker = Cell.text(top + index == place ? "▸" : "")
      guard let run = data.runs[entry.id] else {
        return [
          marker, .integer(entry.id), .missing, .text(entry.status.rawValue, entry.status.emphasis),
        ]
      }
      return [
        marker, .integer(run.id), .text(run.name?.visible.abbreviated(to: 24)),
        .text(run.status.rawValue, run.status.emphasis),
        .text(run.progress),
      ] + metrics.map { .real(run.metrics[$0]?.last) }
        + [
          run.checkMark, data.curves[run.id].map { Cell(.curve($0.map(\.value))) } ?? .missing,
          .time(run.startedAt), .duration(run.seconds(until: style.now)),
        ] + parameters.map { .parameter(run.parameters[$0]) } + [.text(run.experiment)]
    }
    return DataTable(columns: columns, rows: rows)
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
