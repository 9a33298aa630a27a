import TrackerDrawing
import TrackerJSON
import TrackerStore
import TrackerViews

/// What the page's script knows of the runs: enough to read conditions as `--where` does, to rank the runs by another
/// metric, and to say what came of those that are shown. It stands in columns (``DataColumn``): runs have most in common.
struct RunData {
  private let runs: [Run]
  private let ranking: RankingMetric?
  private let metrics: [String]
  private let groups: SeedGroups?
  private let groupOf: [Int64: Int]
  private let labels: RunLabels

  init(_ runs: [Run], ranking: RankingMetric?, groups: SeedGroups?, labels: RunLabels) {
    self.runs = runs
    self.labels = labels
    self.ranking = ranking
    self.groups = groups
    groupOf = Dictionary(
      (groups?.groups ?? []).enumerated().flatMap { place, group in group.map { ($0.id, place) } },
      uniquingKeysWith: { first, _ in first })
    metrics = inReadingOrder(metrics: runs.flatMap(\.metrics.keys))
  }

  var json: JSONValue {
    .object([
      "fields": .array(RunField.all.map(Self.field)),
      "metrics": .array(metrics.map(metric)),
      "headline": .array(RankingMetric.headline(of: runs).map(JSONValue.string)),
      "ranking": .string(ranking?.key), "varied": .array(varied.map(JSONValue.string)),
      "groups": .array(groupNames.map(JSONValue.string)), "count": .integer(runs.count),
      "label": column { .string(labels[$0]) }, "group": column(group(of:)),
      "passed": column { .integer($0.gradientChecks.count(where: \.passed)) },
      "checked": column { .integer($0.gradientChecks.count) }, "own": own,
      "parameters": columns(Set(runs.flatMap(\.parameters.keys)).sorted()) { run, key in
        run.parameters[key].map(Self.value)
      },
      "tags": columns(Set(runs.flatMap(\.tags.keys)).sorted()) { run, key in
        run.tags[key].map(JSONValue.string)
      },
    ])
  }

  private func group(of run: Run) -> JSONValue? {
    groupOf[run.id].map { .integer($0) }
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

  /// A metric with its values: the last, the first, the least and the greatest of each run that has it. Most are the same
  /// as others, and stand once.
  ///
  /// `which` has a digit for each of these runs: one if the first is a number of its own, and not the last; and twice, and
  /// six times, which the least and the greatest are: 0 the last, 1 the first, 2 a number of its own. The numbers follow
  /// each other: the last, and what is its own.
  private func metric(_ key: String) -> JSONValue {
    let known = KnownMetric(key)
    let direction = key == ranking?.key ? ranking?.direction : known.direction
    let places = runs.indices.filter { runs[$0].metrics[key] != nil }
    var which: [UInt8] = []
    var numbers: [Double] = []
    for summary in places.lazy.compactMap({ runs[$0].metrics[key] }) {
      func kind(of value: Double) -> Int {
        if value.bitPattern == summary.last.bitPattern { return 0 }
        return value.bitPattern == summary.first.bitPattern ? 1 : 2
      }
      let isFirstOwn = kind(of: summary.first) == 1
      let (least, greatest) = (kind(of: summary.min), kind(of: summary.max))
      which.append(NumberCode.alphabet[(isFirstOwn ? 1 : 0) + 2 * least + 6 * greatest])
      numbers.append(summary.last)
      if isFirstOwn { numbers.append(summary.first) }
      if least == 2 { numbers.append(summary.min) }
      if greatest == 2 { numbers.append(summary.max) }
    }
    let presence: [JSONValue.Member] =
      places.count == runs.count
      ? [] : [.init(key: "of", value: .array(places.map { .integer($0) }))]
    return .object(
      [
        .init(key: "key", value: .string(key)), .init(key: "title", value: .string(known.title)),
        .init(key: "direction", value: .string(direction?.rawValue)),
        .init(key: "which", value: .string(String(decoding: which, as: UTF8.self))),
      ] + presence + DataColumn.stream(numbers.map(Self.number)))
  }

  /// Columns of what runs have by name, in the order of these names.
  private func columns(
    _ keys: [String], _ value: (Run, String) -> JSONValue?
  ) -> JSONValue {
    .array(
      keys.map { key in
        .object(
          [.init(key: "key", value: .string(key))]
            + DataColumn(runs.map { value($0, key) }).members)
      })
  }

  private var own: JSONValue {
    .array(
      RunField.all.compactMap { field in
        let values = runs.map { field.value($0).map(Self.value) }
        guard values.contains(where: { $0 != nil }) else { return nil }
        return .object(
          [.init(key: "key", value: .string(field.key))] + DataColumn(values).members)
      })
  }

  private func column(_ value: (Run) -> JSONValue?) -> JSONValue {
    .object(DataColumn(runs.map(value)).members)
  }

  /// A whole number is written without a point.
  private static func number(_ value: Double) -> JSONValue {
    Int64(exactly: value).map { .integer($0) } ?? .number(value)
  }

  private static func value(_ value: RunField.Value) -> JSONValue {
    switch value {
    case .number(let number): Self.number(number)
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
    case .real(let value): value.isFinite ? number(value) : .array([.number(value)])
    case .text(let text): .string(text)
    case .boolean(let truth): .integer(truth ? 1 : 0)
    }
  }
}
