import TrackerJSON
package import TrackerStore
package import TrackerValues

/// A column of a list of runs: a name, and what a run shows in it.
package struct RunColumn: Sendable {
  /// Its name.
  package let column: DataTable.Column
  /// What a run shows in it.
  package let cell: @Sendable (Run) -> Cell

  /// - Parameter rank: which columns go first where there is no room: those of the highest rank
  package init(
    _ key: String, title: String? = nil, rank: Int = 0, cell: @escaping @Sendable (Run) -> Cell
  ) {
    column = .init(key, title: title, rank: rank)
    self.cell = cell
  }
}

/// A column that was asked for and that no run has.
package struct UnknownColumnError: ExplainedError, Hashable {
  /// What was asked for.
  package let name: String
  /// What there is.
  package let known: [String]
  /// What was most likely meant, or what there is.
  package let suggestion: String

  /// A mistake in a name, and what there is.
  package init(name: String, known: [String]) {
    let nearest = nearest(name, to: known).map { "did you mean \($0)?" }
    self.init(
      name: name, known: known,
      suggestion: nearest ?? "There are: \(known.joined(separator: ", "))")
  }

  /// A mistake in a name, what there is, and what to do.
  package init(name: String, known: [String], suggestion: String) {
    self.name = name
    self.known = known
    self.suggestion = suggestion
  }

  package var description: String { "there is no column \"\(name)\"" }
  package var kind: ExplainedErrorKind { .usage }
  package var advice: String? { suggestion }
}

extension RunColumn {
  /// The columns that every run has.
  static let own = RunField.all.map { field in
    RunColumn(field.key, title: field.title, rank: field.rank) { field.cell(of: $0) }
  }
  /// How many alerts a run has; shown where any has.
  static let alerts = RunColumn("alerts", rank: 2) { run in
    run.alerts.isEmpty ? .missing : .count(run.alerts.count)
  }

  /// The likeliest fault of a run's training, where one was found.
  static func finding(_ findings: [Int64: String]) -> RunColumn {
    RunColumn("finding", rank: 1) { run in findings[run.id].map { .text($0, .bad) } ?? .missing }
  }

  /// A parameter of that key; its title tells it from a column of every run, and from a metric, of the same name.
  static func parameter(_ key: String, isMetric: Bool, rank: Int = 0) -> RunColumn {
    let title = isMetric || RunField.named(key) != nil ? "params.\(key)" : key
    return RunColumn("parameters." + key, title: title, rank: rank) {
      .parameter($0.parameters[key])
    }
  }

  /// A metric of that key, by its last value.
  static func metric(_ key: String, rank: Int = 0) -> RunColumn {
    RunColumn("metrics." + key, title: key, rank: rank) { .real($0.metrics[key]?.last) }
  }

  /// A tag of that key.
  static func tag(_ key: String) -> RunColumn {
    RunColumn("tags." + key, title: key) { .text($0.tags[key]) }
  }

  /// The column that a user means by `name`: a column of every run, a parameter, metric or tag, with
  /// its prefix (`params.`, `metrics.`, `tags.`) or without, or an aggregate such as `min(cost)`.
  ///
  /// - Throws: for a name that no run has, and for one that is both a parameter's and a metric's
  static func named(
    _ name: String, among keys: KnownKeys
  ) throws(UnknownColumnError) -> RunColumn {
    if let key = RunField.named(name)?.key, let column = own.first(where: { $0.column.key == key })
    {
      return column
    }
    if name == alerts.column.key { return alerts }
    if let aggregate = try aggregate(name, among: keys) { return aggregate }
    if let scoped = try scoped(name, among: keys) { return scoped }
    let isMetric = keys.metrics.contains(name)
    if keys.parameters[name] != nil {
      guard !isMetric else {
        throw UnknownColumnError(
          name: name, known: [],
          suggestion:
            "\(name) is a parameter and a metric: write params.\(name) or metrics.\(name)")
      }
      return .parameter(name, isMetric: false)
    }
    if isMetric { return .metric(name) }
    if keys.tags.contains(name) { return .tag(name) }
    throw UnknownColumnError(
      name: name,
      known: own.map(\.column.key) + keys.parameters.keys.sorted()
        + inReadingOrder(metrics: keys.metrics) + keys.tags.sorted())
  }

  /// `params.lambda`, `parameters.lambda`, `metrics.cost`, `tags.team`.
  private static func scoped(
    _ name: String, among keys: KnownKeys
  ) throws(UnknownColumnError) -> RunColumn? {
    guard let dot = name.firstIndex(of: ".") else { return nil }
    let (scope, key) = (name[..<dot], String(name[name.index(after: dot)...]))
    let column: RunColumn
    let known: [String]
    switch scope {
    case "params", "parameters":
      column = .parameter(key, isMetric: keys.metrics.contains(key))
      known = keys.parameters.keys.sorted()
    case "metrics": (column, known) = (.metric(key), inReadingOrder(metrics: keys.metrics))
    case "tags": (column, known) = (.tag(key), keys.tags.sorted())
    default: return nil
    }
    guard known.contains(key) else {
      throw UnknownColumnError(name: name, known: known.map { "\(scope).\($0)" })
    }
    return column
  }

  /// `first(cost)`, `last(metrics.cost)`, `min(…)`, `max(…)`, `best(…)`.
  private static func aggregate(
    _ name: String, among keys: KnownKeys
  ) throws(UnknownColumnError) -> RunColumn? {
    guard name.hasSuffix(")"), let open = name.firstIndex(of: "(") else { return nil }
    var key = String(name[name.index(after: open)...].dropLast())
    if key.hasPrefix("metrics.") { key = String(key.dropFirst("metrics.".count)) }
    let metric = key
    let pick: @Sendable (MetricSummary) -> Double
    switch name[..<open] {
    case "first": pick = { $0.first }
    case "last": pick = { $0.last }
    case "min": pick = { $0.min }
    case "max": pick = { $0.max }
    case "best":
      guard let direction = MetricDirection.known(for: metric) else {
        throw UnknownColumnError(
          name: name, known: [],
          suggestion:
            "whether more or less is better is not known: write min(\(metric)) or max(\(metric))")
      }
      pick = { direction.best(of: $0) }
    default: return nil
    }
    guard keys.metrics.contains(metric) else {
      throw UnknownColumnError(name: name, known: inReadingOrder(metrics: keys.metrics))
    }
    return RunColumn(name) { .real($0.metrics[metric].map(pick)) }
  }
}

extension RunField {
  /// What a list shows of a run: two fields say more than their value.
  func cell(of run: Run) -> Cell {
    switch key {
    case "status": run.statusCell
    case "check": run.checkCell
    default: value(run).map { Cell($0, kind) } ?? .missing
    }
  }

  /// The value for other programs.
  func json(of run: Run) -> JSONValue { value(run).map { Cell($0, kind).json } ?? .null }
}

extension Cell {
  fileprivate init(_ value: RunField.Value, _ kind: RunField.Kind) {
    let shown: Cell.Value =
      switch value {
      case .integer(let value): .integer(value)
      case .number(let value): kind == .duration ? .duration(value) : .real(value)
      case .text(let text): .text(text)
      case .time(let time): .time(time)
      }
    self.init(shown)
  }
}

extension Run {
  /// What has become of it; of a run that goes on elsewhere, also since when nothing was heard of it.
  var statusCell: Cell {
    guard status == .running, let heardAt else {
      return .text(status.rawValue, status.emphasis)
    }
    return Cell(.going(status.rawValue, heardAt: heardAt), status.emphasis)
  }

  /// The run's gradient checks in a few words: what failed, or that all passed.
  var checkCell: Cell {
    guard !gradientChecks.isEmpty else { return .missing }
    guard let failed = gradientChecks.first(where: { !$0.passed }) else {
      return .text("✓ passed", .good)
    }
    return .text("✗ \(grouped(failed.failedCount)) of \(grouped(failed.checkedCount))", .bad)
  }
}

extension RunStatus {
  package var emphasis: Emphasis {
    switch self {
    case .running: .strong
    case .finished: .good
    case .failed, .crashed: .bad
    case .interrupted: .warning
    }
  }
}
