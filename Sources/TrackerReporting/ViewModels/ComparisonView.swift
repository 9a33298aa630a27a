package import TrackerStore

/// Runs side by side: what differs first, then what came of it.
package struct ComparisonView: Presentable {
  let runs: [Run]
  let parameters: [Difference]
  /// Data, code and environment.
  let surroundings: [Difference]
  let metrics: [MetricComparison]
  let checks: [CheckComparison]
  private let curves: [MetricCurve]
  private let showsAll: Bool

  /// A property of each run.
  struct Difference: Sendable, Hashable {
    let group: String
    let key: String
    let values: [Cell]
    let differs: Bool
  }

  /// A metric of each run.
  struct MetricComparison: Sendable, Hashable {
    let key: String
    let direction: MetricDirection?
    let finals: [Double?]
    let bests: [Double?]
    /// The index of the run with the best final value.
    let winner: Int?
  }

  /// A block of a gradient check of each run.
  struct CheckComparison: Sendable, Hashable {
    let moment: String
    let name: String
    let part: String
    let values: [GradientCheckRecord.Block?]
  }

  /// - Parameters:
  ///   - runs: two or more, in the order in which they are shown
  ///   - curves: their series, to be drawn; may be empty
  ///   - showsAll: whether people are shown what does not differ, too
  ///   - directions: which way metrics are better, where their names do not tell
  package init(
    runs: [Run], curves: [MetricCurve] = [], showsAll: Bool = false,
    directions: [String: MetricDirection] = [:]
  ) {
    self.runs = runs
    self.curves = curves
    self.showsAll = showsAll
    parameters = Set(runs.flatMap(\.parameters.keys)).sorted().map { key in
      Difference("parameters", key, runs.map { .parameter($0.parameters[key]) })
    }
    surroundings = Self.surroundings(of: runs)
    metrics = inReadingOrder(metrics: runs.flatMap(\.metrics.keys)).map { key in
      let direction = directions[key] ?? MetricDirection.known(for: key)
      let finals = runs.map { $0.metrics[key]?.last }
      return MetricComparison(
        key: key, direction: direction, finals: finals,
        bests: runs.map { run in
          direction.flatMap { direction in run.metrics[key].map { direction.best(of: $0) } }
        },
        winner: direction?.winner(of: finals))
    }
    checks = Self.checks(of: runs)
  }

  /// Whether the runs differ in parameters, data, code or environment, or in a metric's final value.
  package var differs: Bool {
    parameters.contains(where: \.differs) || surroundings.contains(where: \.differs)
      || metrics.contains { Set($0.finals.map { $0?.exactText }).count > 1 }
  }

  private static func surroundings(of runs: [Run]) -> [Difference] {
    let data: [(String, (Run) -> Cell)] = [
      ("dataset", { .text($0.dataset?.name) }), ("datasetSha256", { .text($0.dataset?.sha256) }),
      ("rows", { .count($0.dataset?.rows) }),
    ]
    let code: [(String, (Run) -> Cell)] = [
      ("program", { .text($0.environment.program) }),
      ("gitCommit", { .text($0.environment.gitCommit) }),
      ("gitDirty", { run in run.environment.gitDirty.map { Cell(.boolean($0)) } ?? .missing }),
    ]
    let environment: [(String, (Run) -> Cell)] = [
      ("host", { .text($0.environment.host) }), ("user", { .text($0.environment.user) }),
    ]
    return [("data", data), ("code", code), ("environment", environment)].flatMap { group, items in
      items.map { key, cell in Difference(group, key, runs.map(cell)) }
    }
  }

  /// The latest check of each moment, block by block.
  private static func checks(of runs: [Run]) -> [CheckComparison] {
    let present = Set(runs.flatMap { $0.gradientChecks.map(\.moment) })
    let moments = ["start", "step", "end"].filter(present.contains)
    return moments.flatMap { moment in
      let checks = runs.map { run in run.gradientChecks.last { $0.moment == moment } }
      var names: [[String]] = []
      for block in checks.compactMap({ $0?.blocks }).joined()
      where !names.contains([block.name, block.part]) {
        names.append([block.name, block.part])
      }
      return names.map { name in
        CheckComparison(
          moment: moment, name: name[0], part: name[1],
          values: checks.map { check in
            check?.blocks.first { $0.name == name[0] && $0.part == name[1] }
          })
      }
    }
  }
}

extension ComparisonView.Difference {
  init(_ group: String, _ key: String, _ values: [Cell]) {
    self.init(group: group, key: key, values: values, differs: Set(values).count > 1)
  }

  fileprivate var json: JSONValue {
    .object([
      "key": .string(key), "values": .array(values.map(\.json)), "differs": .boolean(differs),
    ])
  }
}

// MARK: - For programs

extension ComparisonView {
  package var json: JSONValue {
    .object([
      "runs": .array(runs.map(\.json)),
      "parameters": .array(parameters.map(\.json)),
      "environment": .array(surroundings.map(\.json)),
      "metrics": .array(
        metrics.map { metric in
          .object([
            "key": .string(metric.key),
            "values": .array(metric.finals.map { .number($0) }),
            "best": .integer(metric.winner.map { runs[$0].id }),
            "bestValues": .array(metric.bests.map { .number($0) }),
            "difference": .number(metric.difference),
            "direction": .string(metric.direction?.rawValue),
          ])
        }),
      "gradientChecks": .array(
        checks.map { check in
          .object([
            "at": .string(check.moment), "name": .string(check.name), "part": .string(check.part),
            "values": .array(
              check.values.map { block in
                guard let block else { return .null }
                return .object([
                  "checkedCount": .integer(block.checkedCount),
                  "failedCount": .integer(block.failedCount),
                  "maxAbsoluteDifference": .number(block.maxAbsoluteDifference),
                  "maxRelativeDifference": .number(block.maxRelativeDifference),
                ])
              }),
          ])
        }),
      "durationSeconds": .array(runs.map { .number($0.durationSeconds) }),
    ])
  }

  package var records: DataTable {
    var rows: [[Cell]] = (parameters + surroundings).map {
      [.text($0.group), .text($0.key)] + $0.values
    }
    rows += metrics.map { [.text("metrics"), .text($0.key)] + $0.finals.map { .real($0) } }
    rows += checks.map { check in
      [.text("gradientChecks"), .text("\(check.moment).\(check.name).\(check.part)")]
        + check.values.map { .real($0?.maxAbsoluteDifference) }
    }
    rows.append(
      [.text("time"), .text("durationSeconds")] + runs.map { .duration($0.durationSeconds) })
    return DataTable(["section", "key"] + runs.map { String($0.id) }, rows: rows)
  }
}

extension ComparisonView.MetricComparison {
  /// Of two runs, the second's final value less the first's.
  var difference: Double? {
    guard finals.count == 2, let a = finals[0], let b = finals[1] else { return nil }
    return b - a
  }
}

// MARK: - For people

extension ComparisonView {
  package var document: Document {
    var blocks: [Document.Block] = [.heading("What differs")]
    let different = (parameters + surroundings).filter { showsAll || $0.differs }
    if different.isEmpty {
      blocks.append(.paragraph("Nothing: same parameters, data, code and environment."))
    } else {
      blocks.append(.table(sideBySide("parameter", different.map { ($0.key, $0.values) })))
    }
    if surroundings.contains(where: { $0.group == "data" && $0.differs }) {
      blocks.append(
        .paragraph("⚠ Other data: the metrics of these runs are not comparable.", .warning))
    }
    if !metrics.isEmpty { blocks += [.heading("Metrics, at the end"), .table(metricTable)] }
    if runs.count > columnLimit {
      // As rows, the runs leave no column for the winner.
      blocks.append(
        .facts(
          metrics.compactMap { metric in
            metric.winner.map { .init("best \(metric.key)", .text("run \(runs[$0].id)", .good)) }
          }))
    }
    if metrics.contains(where: { $0.finals != $0.bests && $0.direction != nil }) {
      let rows = metrics.filter { $0.direction != nil }.map { metric in
        (metric.key, metric.bests.map { Cell.real($0) })
      }
      blocks += [.heading("Metrics, at their best"), .table(sideBySide("metric", rows))]
    }
    if let drawn = curveTable { blocks += [.heading("Curves"), .table(drawn)] }
    if !checks.isEmpty {
      let rows = checks.map { check in
        ("\(check.moment) \(check.name) \(check.part)", check.values.map(\.checkCell))
      }
      blocks += [
        .heading("Gradient checks, largest |analytic − numerical|"),
        .table(sideBySide("check", rows)),
      ]
    }
    let times: [(String, [Cell])] = [
      ("took", runs.map { .duration($0.durationSeconds) }),
      ("status", runs.map { .text($0.status.rawValue, $0.status.emphasis) }),
    ]
    blocks += [.heading("Time"), .table(sideBySide("what", times))]
    return Document(blocks)
  }

  /// Few runs are columns; more than this are rows.
  private var columnLimit: Int { 4 }

  private func sideBySide(_ corner: String, _ rows: [(String, [Cell])]) -> DataTable {
    let table = DataTable(
      columns: [.init(corner)] + runs.map { .init("run \($0.id)", title: title(of: $0)) },
      rows: rows.map { [.text($0.0)] + $0.1 })
    return runs.count <= columnLimit ? table : table.transposed(corner: "run")
  }

  private func title(of run: Run) -> String {
    run.name.map { "\(run.id) \($0)" } ?? "run \(run.id)"
  }

  private var metricTable: DataTable {
    let rows = metrics.map { metric in
      let values = metric.finals.enumerated().map { index, value in
        Cell.real(value, index == metric.winner ? .good : .plain)
      }
      return (metric.key, values)
    }
    var table = sideBySide("metric", rows)
    guard runs.count <= columnLimit else { return table }
    if runs.count == 2 {
      table.columns.append(.init("difference", rank: 2))
      for index in metrics.indices { table.rows[index].append(.real(metrics[index].difference)) }
    }
    table.columns.append(.init("better", rank: 1))
    for (index, metric) in metrics.enumerated() {
      table.rows[index].append(
        metric.winner.map { .text("run \(runs[$0].id)", .good) } ?? .missing)
    }
    return table
  }

  private var curveTable: DataTable? {
    let keys = inReadingOrder(metrics: curves.map(\.metric)).filter {
      MetricDirection.known(for: $0) != nil
    }
    guard !keys.isEmpty else { return nil }
    let byRun = Dictionary(grouping: curves, by: \.run)
    return sideBySide(
      "metric",
      keys.map { key in
        (
          key,
          runs.map { run in
            byRun[run.id]?.first { $0.metric == key }.map { curve in
              Cell(.curve(curve.points.map(\.value)))
            } ?? .missing
          }
        )
      })
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
