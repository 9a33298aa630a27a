package import TrackerStore

/// Groups of runs that differ in chosen parameters and repeat in the others, such as seeds: what a metric is
/// in each, and which differences are more than chance.
package struct GroupView: Presentable {
  /// The runs with the same values of the chosen parameters.
  package struct Group: Sendable {
    /// The values, in the order of the view's keys; `nil` where a run has no such parameter.
    package let values: [ParameterValue?]
    /// The runs, by number.
    package let runs: [Int64]
    /// The metric's last value in each run; runs without a finite one are left out.
    package let sample: Sample
    /// The interval that covers the mean with 95 %, within what the metric can be; `nil` of one run.
    package let interval: MeanInterval?
    /// What each key is: `lambda = 0.5`, `initRange = none`.
    package let settings: [String]
    /// `lambda = 0.5, initRange = none`.
    package var name: String { settings.joined(separator: ", ") }
    /// Whether its runs repeat each other with other seeds.
    package let hasSeeds: Bool
  }

  /// Two groups and how they differ.
  package struct Test: Sendable {
    /// The groups' places, the better one first.
    let a: Int
    let b: Int
    /// Welch's test; `nil` where there are too few runs, or none vary.
    package let welch: WelchTest?
    /// Its p-value after Holm's correction for all the view's tests.
    package fileprivate(set) var pValue: Double?
    /// The interval of the difference, corrected as the p-value is: it leaves out 0 exactly where the corrected
    /// p-value is below 0.05.
    package fileprivate(set) var confidence: ClosedRange<Double>?
  }

  /// Of more groups than this only the best is tested against each of the others.
  package static let testedGroupLimit = 12
  /// With fewer runs a group an interval says next to nothing.
  package static let fewRuns = 3

  /// The parameters that tell groups apart.
  package let keys: [String]
  /// What is compared.
  package let metric: String
  /// The groups, the best first.
  package let groups: [Group]
  /// Each against each, the best ones first.
  package let tests: [Test]
  /// The runs that have no finite value of the metric.
  let leftOut: [Int64]
  /// Those of the groups' runs that did not come to their end.
  let unfinished: [Int64]
  /// What keeps the groups from being compared.
  let warnings: [ComparabilityWarning]
  package let direction: MetricDirection?

  /// - Parameters:
  ///   - runs: the runs; those without the metric are left out
  ///   - keys: the parameters that tell groups apart
  ///   - metric: the metric whose last values are compared
  ///   - direction: which way it is better; `nil` where that is not known
  package init(runs: [Run], keys: [String], metric: String, direction: MetricDirection?) {
    self.keys = keys
    self.metric = metric
    self.direction = direction
    let measured = runs.filter { $0.metrics[metric]?.last.isFinite == true }
    leftOut = runs.filter { $0.metrics[metric]?.last.isFinite != true }.map(\.id).sorted()
    unfinished = measured.filter { $0.status != .finished }.map(\.id).sorted()
    // Other splits are what seeds may be about.
    warnings = ComparabilityWarning.warnings(on: measured).filter {
      $0.kind == .data || ($0.kind == .cost && metric == "cost")
    }
    let byValues = Dictionary(grouping: measured) { run in keys.map { run.parameters[$0] } }
    let bounds = KnownMetric(metric).bounds(of: measured.compactMap { $0.metrics[metric]?.last })
    let groups = byValues.map { values, runs in
      let sample = Sample(runs.compactMap { $0.metrics[metric]?.last })
      return Group(
        values: values, runs: runs.map(\.id).sorted(), sample: sample,
        interval: sample.meanInterval(within: bounds),
        settings: zip(keys, values).map {
          "\($0) = \($1 == nil ? "none" : Cell.parameter($1).readable(TextStyle()))"
        },
        hasSeeds: !keys.contains("seed")
          && Set(runs.map { $0.parameters["seed"] }).count == runs.count
          && runs.allSatisfy { $0.parameters["seed"] != nil })
    }
    self.groups = groups.sorted { a, b in
      if a.sample.mean == b.sample.mean { return a.runs[0] < b.runs[0] }
      return (a.sample.mean < b.sample.mean) != (direction == .maximize)
    }
    tests = Self.tests(of: self.groups)
  }

  private static func tests(of groups: [Group]) -> [Test] {
    var tests: [Test] = []
    // Of many groups only the best is tested against the others: each pair more makes every test say less.
    for a in groups.indices.prefix(groups.count > testedGroupLimit ? 1 : groups.count) {
      for b in groups.indices where b > a {
        tests.append(
          Test(
            a: a, b: b, welch: WelchTest(groups[a].sample, groups[b].sample), pValue: nil,
            confidence: nil))
      }
    }
    let known = tests.indices.filter { tests[$0].welch != nil }
    let adjusted = holmAdjusted(known.compactMap { tests[$0].welch?.pValue })
    for (index, pValue) in zip(known, adjusted) {
      guard let welch = tests[index].welch else { continue }
      tests[index].pValue = pValue
      // As much smaller a chance to miss as the p-value was made larger.
      let share = welch.pValue > 0 ? welch.pValue / pValue : 1 / Double(known.count)
      tests[index].confidence = welch.interval(tail: 0.05 * share)
    }
    return tests
  }
}
