package import TrackerJSON
import TrackerStore

extension ComparisonView {
  package var json: JSONValue {
    .object([
      "runs": .array(runs.map(\.json)),
      "parameters": .array(parameters.map(\.json)),
      "environment": .array(surroundings.map(\.json)),
      "code": code.map(\.json) ?? .null,
      "warnings": .array(warnings.map(\.json)),
      "metrics": .array(metrics.map(json)),
      "target": target.map(\.json) ?? .null,
      "gradientChecks": .array(checks.map(\.json)),
      "durationSeconds": .array(runs.map { .number($0.durationSeconds) }),
    ])
  }

  private func json(_ metric: MetricComparison) -> JSONValue {
    func id(_ index: Int?) -> JSONValue { .integer(index.map { runs[$0].id }) }
    let changes = metric.changes
    return .object([
      "key": .string(metric.key),
      "values": .array(metric.finals.map { .number($0) }),
      "best": id(metric.winner(of: metric.finals)),
      "bestValues": .array(metric.bests.map { .number($0) }),
      "difference": .number(changes.count == 2 ? changes[1]?.difference : nil),
      "differences": .array(changes.map { .number($0?.difference) }),
      "percents": .array(changes.map { .number($0?.percent) }),
      "direction": .string(metric.direction?.rawValue),
      "sameStep": metric.shared.map { shared in
        .object([
          "step": .integer(shared.step), "values": .array(shared.values.map { .number($0) }),
          "best": id(metric.winner(of: shared.values)),
        ])
      } ?? .null,
    ])
  }

  package var records: DataTable {
    var rows: [[Cell]] = (parameters + surroundings).map {
      [.text($0.group), .text($0.key)] + $0.values
    }
    func add(_ section: String, _ key: String, _ values: [Double?]) {
      rows.append([.text(section), .text(key)] + values.map { .real($0) })
    }
    for metric in metrics { add("metrics", metric.key, metric.finals) }
    for metric in metrics where metric.direction != nil {
      add("metrics.best", metric.key, metric.bests)
    }
    for metric in metrics {
      if let shared = metric.shared {
        add("metrics.sameStep", "\(metric.key)@\(shared.step)", shared.values)
      }
    }
    for metric in metrics {
      add("metrics.difference", metric.key, metric.changes.map { $0?.difference })
    }
    for metric in metrics { add("metrics.percent", metric.key, metric.changes.map { $0?.percent }) }
    for check in checks {
      add(
        "gradientChecks", "\(check.moment).\(check.name).\(check.part)",
        check.values.map { $0?.maxAbsoluteDifference })
    }
    if let target {
      rows.append([.text("target"), .text("step")] + target.reached.map { .integer($0?.step) })
      add("target", "evaluations", target.reached.map { $0?.evaluations })
      add("target", "seconds", target.reached.map { $0?.seconds })
    }
    rows.append(
      [.text("time"), .text("durationSeconds")] + runs.map { .duration($0.durationSeconds) })
    return DataTable(["section", "key"] + runs.map { String($0.id) }, rows: rows)
  }
}

extension ComparisonView.Difference {
  fileprivate var json: JSONValue {
    .object([
      "key": .string(key), "values": .array(values.map(\.json)), "differs": .boolean(differs),
    ])
  }
}

extension ComparisonView.CheckComparison {
  fileprivate var json: JSONValue {
    .object([
      "at": .string(moment), "name": .string(name), "part": .string(part),
      "values": .array(
        values.map { block in
          guard let block else { return .null }
          return .object([
            "checkedCount": .integer(block.checkedCount),
            "failedCount": .integer(block.failedCount),
            "maxAbsoluteDifference": .number(block.maxAbsoluteDifference),
            "maxRelativeDifference": .number(block.maxRelativeDifference),
          ])
        }),
    ])
  }
}

extension TargetComparison {
  fileprivate var json: JSONValue {
    .object([
      "metric": .string(metric), "value": .number(value),
      "direction": .string(direction.rawValue),
      "reached": .array(
        reached.map { moment in
          guard let moment else { return .null }
          return .object([
            "step": .integer(moment.step), "value": .number(moment.value),
            "evaluations": .number(moment.evaluations), "seconds": .number(moment.seconds),
          ])
        }),
    ])
  }
}
