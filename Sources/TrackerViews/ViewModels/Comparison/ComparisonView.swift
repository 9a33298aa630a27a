package import TrackerStore

/// Runs side by side: what differs first, then what came of it.
package struct ComparisonView: Presentable {
  let runs: [Run]
  package let parameters: [Difference]
  /// Data, code and environment.
  package let surroundings: [Difference]
  let code: CodeComparison?
  /// What keeps metrics from being compared.
  let warnings: [ComparabilityWarning]
  let metrics: [MetricComparison]
  let checks: [CheckComparison]
  let target: TargetComparison?
  let curves: [MetricCurve]
  /// Whether curves are drawn over a logarithm; `nil` lets each choose.
  let isLogarithmic: Bool?
  let showsAll: Bool

  /// A property of each run.
  package struct Difference: Sendable, Hashable {
    let group: String
    package let key: String
    package let values: [Cell]
    package let differs: Bool

    init(_ group: String, _ key: String, _ values: [Cell]) {
      self.group = group
      self.key = key
      self.values = values
      differs = Set(values).count > 1
    }
  }

  /// A block of a gradient check of each run.
  struct CheckComparison: Sendable, Hashable {
    let moment: String
    let name: String
    let part: String
    let values: [GradientCheckRecord.Block?]
  }

  /// - Parameters:
  ///   - runs: two or more, in the order in which they are shown; differences are from the first
  ///   - curves: their series, to be drawn, metric by metric; may be empty
  ///   - showsAll: whether people are shown what does not differ, too
  ///   - directions: which way metrics are better, where their names do not tell
  ///   - shared: metrics at the last step that all runs have, where they ended at different ones
  ///   - target: when each run reached a value
  ///   - patches: the changes of code that runs keep; `nil` where nobody has looked
  ///   - isLogarithmic: whether curves are drawn over a logarithm; `nil` lets each choose
  package init(
    runs: [Run], curves: [MetricCurve] = [], showsAll: Bool = false,
    directions: [String: MetricDirection] = [:], shared: [SharedStep] = [],
    target: TargetComparison? = nil, patches: [Int64: KeptPatch]? = nil,
    isLogarithmic: Bool? = nil
  ) {
    self.runs = runs
    self.curves = curves
    self.target = target
    self.isLogarithmic = isLogarithmic
    self.showsAll = showsAll
    parameters = Set(runs.flatMap(\.parameters.keys)).sorted().map { key in
      Difference("parameters", key, runs.map { .parameter($0.parameters[key]) })
    }
    surroundings = Self.surroundings(of: runs, patches)
    code = patches.map { CodeComparison(runs, $0) }
    warnings = ComparabilityWarning.warnings(on: runs)
    metrics = inReadingOrder(metrics: runs.metricKeys).map { key in
      MetricComparison(
        key: key, runs: runs, direction: directions[key] ?? MetricDirection.known(for: key),
        shared: shared.first { $0.metric == key })
    }
    checks = Self.checks(of: runs)
  }

  /// Whether the runs differ in parameters, data, code or environment, or in a metric's final value; what a training
  /// took of time is never the same twice, and does not count.
  package var differs: Bool {
    parameters.contains(where: \.differs) || surroundings.contains(where: \.differs)
      || metrics.contains { $0.differs && $0.key != "seconds" }
  }

  private static func surroundings(
    of runs: [Run], _ patches: [Int64: KeptPatch]?
  ) -> [Difference] {
    let data: [(String, (Run) -> Cell)] = [
      ("dataset", { .text($0.dataset?.name) }), ("datasetSha256", { .text($0.dataset?.sha256) }),
      ("rows", { .count($0.dataset?.rows) }),
    ]
    var code: [(String, (Run) -> Cell)] = [
      ("program", { .text($0.environment.program) }),
      ("gitCommit", { .text($0.environment.gitCommit) }),
      ("gitDirty", { run in run.environment.gitDirty.map { Cell(.boolean($0)) } ?? .missing }),
    ]
    if let patches { code.append(("patch", { .text(patches[$0.id]?.sha256) })) }
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
