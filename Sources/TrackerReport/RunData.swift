import TrackerJSON
import TrackerStore
import TrackerViews

/// What the page's script knows of the runs: enough to read conditions as `--where` does, to rank the runs by another
/// metric, and to say what came of those that are shown.
struct RunData {
  private let runs: [Run]
  private let ranking: RankingMetric?
  private let metrics: [String]
  private let groups: SeedGroups?
  private let labels: RunLabels

  init(_ runs: [Run], ranking: RankingMetric?, groups: SeedGroups?, labels: RunLabels) {
    self.runs = runs
    self.labels = labels
    self.ranking = ranking
    self.groups = groups
    metrics = inReadingOrder(metrics: runs.flatMap(\.metrics.keys))
  }

  var json: JSONValue {
    .object([
      "fields": .array(RunField.all.map(Self.field)),
      "metrics": .array(metrics.map(metric)),
      "headline": .array(RankingMetric.headline(of: metrics).map(JSONValue.string)),
      "ranking": .string(ranking?.key), "varied": .array(varied.map(JSONValue.string)),
      "groups": .array(groupNames.map(JSONValue.string)), "list": .array(runs.map(run)),
    ])
  }

  /// The parameters that the runs may be coloured by.
  private var varied: [String] {
    ParameterDifferences(runs).influential
  }

  private var groupNames: [String] {
    groups.map { groups in groups.groups.map(groups.name) } ?? []
  }

  private static func field(_ field: RunField) -> JSONValue {
    let (kind, words): (String, [String]) =
      switch field.kind {
      case .number, .duration: ("number", [])
      case .text: ("text", [])
      case .time: ("time", [])
      case .word(let words): ("word", words)
      }
    return .object([
      "key": .string(field.key), "aliases": .array(field.aliases.map(JSONValue.string)),
      "kind": .string(kind), "words": .array(words.map(JSONValue.string)),
    ])
  }

  private func metric(_ key: String) -> JSONValue {
    let known = KnownMetric(key)
    let direction = key == ranking?.key ? ranking?.direction : known.direction
    return .object([
      "key": .string(key), "title": .string(known.title), "direction": .string(direction?.rawValue),
    ])
  }

  private func run(_ run: Run) -> JSONValue {
    let group = groups?.groups.firstIndex { $0.contains { $0.id == run.id } }
    return .object([
      "label": .string(labels[run]), "group": .integer(group.map(Int64.init)),
      "checks": .array([
        .integer(run.gradientChecks.count(where: \.passed)), .integer(run.gradientChecks.count),
      ]),
      "own": .object(
        RunField.all.compactMap { field in
          field.value(run).map { .init(key: field.key, value: Self.value($0)) }
        }),
      "parameters": .object(
        run.parameters.sorted { $0.key < $1.key }.map {
          .init(key: $0.key, value: Self.value($0.value))
        }),
      "metrics": .array(
        metrics.map { key in
          guard let summary = run.metrics[key] else { return .null }
          let values = [summary.last, summary.first, summary.min, summary.max]
          return .array(values.map { JSONValue.number($0) })
        }),
      "tags": .object(
        run.tags.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .string($0.value)) }),
    ])
  }

  private static func value(_ value: RunField.Value) -> JSONValue {
    switch value {
    case .number(let number): .number(number)
    case .integer(let number): .integer(number)
    case .text(let text): .string(text)
    case .time(let time): .integer(time.milliseconds)
    }
  }

  /// Truth values are numbers in the store, too. A number that JSON has none for stands in a list of its own: a text
  /// may read the same.
  private static func value(_ value: ParameterValue) -> JSONValue {
    switch value {
    case .integer(let number): .integer(number)
    case .real(let number): number.isFinite ? .number(number) : .array([.number(number)])
    case .text(let text): .string(text)
    case .boolean(let truth): .integer(truth ? 1 : 0)
    }
  }
}
