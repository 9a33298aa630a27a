package import TrackerJSON
package import TrackerStore

extension Run {
  /// The run as other programs read it.
  package var json: JSONValue {
    func fields(_ place: RunField.Place) -> [JSONValue.Member] {
      RunField.all.filter { $0.place == place }.map { .init(key: $0.key, value: $0.json(of: self)) }
    }
    let records: KeyValuePairs<String, JSONValue> = [
      "parameters": .object(
        parameters.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: $0.value.json) }),
      "metrics": .object(
        inReadingOrder(metrics: metrics.keys).compactMap { key in
          metrics[key].map { .init(key: key, value: $0.json) }
        }),
      "gradientChecks": .array(gradientChecks.map(\.json)),
      "alerts": .array(alerts.map(\.json)),
      "tags": .object(
        tags.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .string($0.value)) }),
      "note": .string(note),
      "dataset": dataset?.json ?? .null,
      "environment": environment.json,
    ]
    return .object(
      fields(.head) + records.map { .init(key: $0.key, value: $0.value) } + fields(.tail))
  }

  /// The run for people: `run 12` or `run 12 (name)`.
  package var label: String { name.map { "run \(id) (\($0))" } ?? "run \(id)" }
}

extension Alert {
  fileprivate var json: JSONValue {
    .object([
      "title": .string(title), "text": .string(text), "level": .string(level.rawValue),
      "step": .integer(step), "time": .string(time.iso8601),
    ])
  }
}

extension ParameterValue {
  var json: JSONValue { Cell.parameter(self).json }
}

extension MetricSummary {
  fileprivate var json: JSONValue {
    .object([
      "first": .number(first), "last": .number(last), "min": .number(min), "max": .number(max),
      "count": .integer(count), "lastStep": .integer(lastStep),
    ])
  }
}

extension DatasetRecord {
  fileprivate var json: JSONValue {
    .object([
      "name": .string(name), "sha256": .string(sha256), "rows": .integer(rows),
      "features": .integer(features), "classes": .integer(classes),
    ])
  }
}

extension RunEnvironment {
  fileprivate var json: JSONValue {
    .object([
      "program": .string(program), "gitCommit": .string(gitCommit),
      "gitDirty": .boolean(gitDirty), "host": .string(host), "user": .string(user),
      "processId": process.pid > 0 ? .integer(Int64(process.pid)) : .null,
      "command": .string(command),
    ])
  }
}

extension GradientCheckRecord {
  /// The check as other programs read it, without its vectors.
  package var json: JSONValue {
    .object([
      "id": id == 0 ? .null : .integer(id),
      "step": .integer(step),
      "at": .string(moment),
      "epsilon": .number(epsilon),
      "method": .string(method),
      "tolerance": .number(tolerance),
      "passed": .boolean(passed),
      "checkedCount": .integer(checkedCount),
      "failedCount": .integer(failedCount),
      "maxAbsoluteDifference": .number(maxAbsoluteDifference),
      "maxRelativeDifference": .number(maxRelativeDifference),
      "blocks": .array(blocks.map(\.json)),
      "relativeTolerance": .number(relativeTolerance),
      "cost": .number(cost),
      "seconds": .number(seconds),
      "worst": .array(
        worst.map { entry in
          .object([.init(key: "name", value: .string(entry.block))] + entry.members)
        }),
    ])
  }
}

extension GradientCheckRecord.Block {
  fileprivate var json: JSONValue {
    .object([
      "name": .string(name),
      "part": .string(part),
      "shape": .array([.integer(rows), .integer(columns)]),
      "checkedCount": .integer(checkedCount),
      "failedCount": .integer(failedCount),
      "maxAbsoluteDifference": .number(maxAbsoluteDifference),
      "maxRelativeDifference": .number(maxRelativeDifference),
      "worst": worst.map { .object($0.members) } ?? .null,
    ])
  }
}

extension GradientCheckRecord.Entry {
  fileprivate var members: [JSONValue.Member] {
    [
      .init(key: "row", value: .integer(row)), .init(key: "column", value: .integer(column)),
      .init(key: "analytic", value: .number(analytic)),
      .init(key: "numerical", value: .number(numerical)),
    ]
  }
}
