import TrackerStore

extension ComparisonView {
  package var document: Document {
    Document(
      differences + (code?.blocks(showsAll: showsAll) ?? [])
        + warnings.map { .paragraph("⚠ \($0.message)", .warning) } + metricBlocks
        + targetBlocks + plots + checkBlocks + timeBlocks)
  }

  /// Few runs are columns; more than this are rows.
  private var columnLimit: Int { 4 }
  private var areColumns: Bool { runs.count <= columnLimit }

  /// A table with what is said of each run, one thing a row, or a column where there are many runs; of the runs from
  /// `first` on.
  private func sideBySide(
    _ corner: String, _ rows: [(String, [Cell])], from first: Int = 0
  ) -> DataTable {
    let table = DataTable(
      columns: [.init(corner)]
        + runs[first...].map { .init("run \($0.id)", title: title(of: $0)) },
      rows: rows.map { [.text($0.0)] + $0.1[first...] })
    return areColumns ? table : table.transposed(corner: corner)
  }

  private func title(of run: Run) -> String {
    run.name.map { "\(run.id) \($0)" } ?? "run \(run.id)"
  }

  // MARK: What differs

  private var differences: [Document.Block] {
    let groups = ["parameters", "data", "code", "environment"].compactMap { group in
      let rows = (parametersInOrder + surroundings).filter {
        $0.group == group && (showsAll || $0.differs)
      }
      return rows.isEmpty
        ? nil
        : Document.Block.table(sideBySide(group, rows.map { ($0.key, $0.readableValues) }))
    }
    return [.heading("What differs")]
      + (groups.isEmpty
        ? [.paragraph("Nothing: same parameters, data, code and environment.")] : groups)
  }

  /// Where many runs leave no room for all, those that people tune come first.
  private var parametersInOrder: [Difference] {
    guard !areColumns else { return parameters }
    let first = ParameterDifferences(runs).keys.compactMap { key in
      parameters.first { $0.key == key }
    }
    return first + parameters.filter { !first.contains($0) }
  }

  // MARK: Metrics

  private var metricBlocks: [Document.Block] {
    let candidates = metrics.filter { showsAll || $0.differs }
    let shown = showsAll ? candidates : Array(candidates.prefix(ReadingLimit.metrics))
    var blocks: [Document.Block] = []
    if !shown.isEmpty { blocks += [.heading("Metrics, at the end")] + table(of: shown, \.finals) }
    if shown.count < candidates.count {
      let left = grouped(candidates.count - shown.count)
      blocks.append(.paragraph("and \(left) more metrics that differ: --all shows them.", .faint))
    }
    let equal = metrics.filter { !showsAll && !$0.differs }.map(\.key)
    if !equal.isEmpty {
      let names = equal.prefix(ReadingLimit.names).joined(separator: ", ")
      let left = equal.count - ReadingLimit.names
      let rest = left > 0 ? " and \(grouped(left)) more" : ""
      blocks.append(.paragraph("The same in all: \(names)\(rest).", .faint))
    }
    if runs.count > 2 { blocks += changeBlocks(shown.filter { showsAll || $0.direction != nil }) }
    let directed = shown.filter { $0.direction != nil }
    if directed.contains(where: { $0.finals != $0.bests }) {
      blocks += [.heading("Metrics, at their best")] + table(of: directed, \.bests)
    }
    return blocks + sharedBlocks(showsAll ? shown : directed)
  }

  /// A table of values, with the differences of two runs, and who is better.
  private func table(
    of metrics: [MetricComparison], _ values: (MetricComparison) -> [Double?],
    label: (MetricComparison) -> String = { $0.key }
  ) -> [Document.Block] {
    let contests = metrics.map { metric in
      let values = values(metric)
      return Contest(
        label: label(metric), cells: values.map { .real($0) }, winner: metric.winner(of: values),
        change: runs.count == 2 ? .init(values[1], from: values[0]) : nil)
    }
    return decided("metric", contests, showsChange: runs.count == 2)
  }

  /// One thing of each run, and the index of the run that is best in it.
  private struct Contest {
    var label: String
    var cells: [Cell]
    var winner: Int?
    var change: MetricComparison.Change?
  }

  /// A table of contests, with their winners in a column of their own or, where the runs are rows, under it.
  private func decided(
    _ corner: String, _ contests: [Contest], showsChange: Bool = false
  ) -> [Document.Block] {
    var table = sideBySide(
      corner,
      contests.map { contest in
        var cells = contest.cells
        if let winner = contest.winner { cells[winner].emphasis = .good }
        return (contest.label, cells)
      })
    let winners = contests.map { contest in
      contest.winner.map { Cell.text("run \(runs[$0].id)", .good) }
    }
    guard areColumns else {
      let facts = zip(contests, winners).compactMap { contest, winner in
        winner.map { Document.Fact("best \(contest.label)", $0) }
      }
      return [.table(table)] + (facts.isEmpty ? [] : [.facts(facts)])
    }
    if showsChange {
      table.columns += [.init("difference", rank: 2), .init("change", rank: 3)]
      for (index, contest) in contests.enumerated() {
        table.rows[index] += [.real(contest.change?.difference), .text(contest.change?.relative)]
      }
    }
    if winners.contains(where: { $0 != nil }) {
      table.columns.append(.init("better", rank: 1))
      for (index, winner) in winners.enumerated() { table.rows[index].append(winner ?? .missing) }
    }
    return [.table(table)]
  }

  /// Of more than two runs, how far each is from the first.
  private func changeBlocks(_ metrics: [MetricComparison]) -> [Document.Block] {
    guard !metrics.isEmpty else { return [] }
    let rows = metrics.map { metric in
      let changes = metric.changes.enumerated().map { index, change -> Cell in
        guard let change else { return .missing }
        let isBetter =
          metric.finals[index].flatMap { value in
            metric.finals[0].flatMap { first in
              metric.direction.map { $0.isBetter(value, than: first) }
            }
          } ?? false
        return .text(change.text, isBetter ? .good : .plain)
      }
      return (metric.key, changes)
    }
    return [
      .heading("Differences from run \(runs[0].id), at the end"),
      .table(sideBySide("metric", rows, from: 1)),
    ]
  }

  private func sharedBlocks(_ metrics: [MetricComparison]) -> [Document.Block] {
    let shared = metrics.filter { $0.shared != nil }
    guard let step = shared.first?.shared?.step else { return [] }
    let isOne = shared.allSatisfy { $0.shared?.step == step }
    return [
      .heading(
        isOne
          ? "Metrics, at step \(step), the last that all runs have"
          : "Metrics, at the last step that all runs have")
    ]
      + table(of: shared, { $0.shared?.values ?? [] }) { metric in
        isOne ? metric.key : "\(metric.key) at \(metric.shared?.step ?? 0)"
      }
  }

  // MARK: Reaching a value

  private var targetBlocks: [Document.Block] {
    guard let target else { return [] }
    let sign = target.direction == .minimize ? "≤" : "≥"
    func contest(
      _ label: String, _ value: (TargetComparison.Reached) -> Double?,
      _ cell: (TargetComparison.Reached) -> Cell
    ) -> Contest {
      Contest(
        label: label, cells: target.reached.map { $0.map(cell) ?? .text("never", .warning) },
        winner: MetricDirection.minimize.winner(of: target.reached.map { $0.flatMap(value) }))
    }
    let contests = [
      contest("step", { Double($0.step) }, { .integer($0.step) }),
      contest("evaluations", \.evaluations, { .real($0.evaluations) }),
      contest("time", \.seconds, { .duration($0.seconds) }),
    ]
    return [.heading("To reach \(target.metric) \(sign) \(target.value.readable())")]
      + decided(
        "what", contests.filter { contest in !contest.cells.allSatisfy(\.isMissing) })
  }

  // MARK: Curves, checks and time

  private var plots: [Document.Block] {
    var keys: [String] = []
    for curve in curves where !keys.contains(curve.metric) { keys.append(curve.metric) }
    return keys.flatMap { key -> [Document.Block] in
      let drawn = curves.filter { $0.metric == key }
      guard drawn.contains(where: { $0.points.count > 1 }) else { return [] }
      let titles = Dictionary(runs.map { ($0.id, title(of: $0)) }) { first, _ in first }
      let plot = BraillePlot(
        drawn.map { curve in
          .init(
            name: titles[curve.run] ?? "run \(curve.run)",
            points: curve.points.map { .init(x: Double($0.step), y: $0.value) })
        }, isLogarithmic: isLogarithmic, xName: "step")
      return [.heading(plot.isLogarithmic ? "\(key), logarithmic" : key), .plot(plot)]
    }
  }

  private var checkBlocks: [Document.Block] {
    guard !checks.isEmpty else { return [] }
    let rows = checks.map { check in
      ("\(check.moment) \(check.name) \(check.part)", check.values.map(\.checkCell))
    }
    return [
      .heading("Gradient checks, largest |analytic − numerical|"),
      .table(sideBySide("check", rows)),
    ]
  }

  private var timeBlocks: [Document.Block] {
    let rows: [(String, [Cell])] = [
      ("took", runs.map { .duration($0.durationSeconds) }),
      ("status", runs.map { .text($0.status.rawValue, $0.status.emphasis) }),
    ]
    return [.heading("Time"), .table(sideBySide("what", rows))]
  }
}

extension ComparisonView.Difference {
  /// Of a hash, as much as people compare.
  fileprivate var readableValues: [Cell] {
    guard ["datasetSha256", "gitCommit", "patch"].contains(key) else { return values }
    return values.map { cell in
      guard case .text(let hash) = cell.value else { return cell }
      return .text(String(hash.prefix(12)))
    }
  }
}

extension MetricComparison.Change {
  /// `+0.12 (+3.4 %)`.
  fileprivate var text: String {
    Self.signed(difference, digits: 4) + (relative.map { " (\($0))" } ?? "")
  }

  /// `+3.4 %`; `2,090 ×` of what is many times as much; `nil` where there is nothing to compare with.
  fileprivate var relative: String? {
    guard let percent else { return nil }
    let ratio = 1 + percent / 100
    guard ratio >= Self.leastRatio else { return "\(Self.signed(percent, digits: 3)) %" }
    let rounded = Double(ratio.readable(digits: 3)) ?? ratio
    return rounded < 1e9 && rounded == rounded.rounded()
      ? "\(grouped(Int(rounded))) ×" : "\(ratio.readable(digits: 3)) ×"
  }

  /// What is so many times as much is told as a multiple.
  private static let leastRatio = 10.0

  private static func signed(_ value: Double, digits: Int) -> String {
    (value > 0 ? "+" : "") + value.readable(digits: digits)
  }
}

extension GradientCheckRecord.Block? {
  fileprivate var checkCell: Cell {
    guard let block = self else { return .missing }
    let size = block.maxAbsoluteDifference.readable()
    return block.failedCount > 0
      ? .text("✗ \(size), \(grouped(block.failedCount)) off", .bad) : .text("✓ \(size)", .good)
  }
}
