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
    fileprivate let name: String
  }

  /// Two groups and how they differ.
  package struct Test: Sendable {
    fileprivate let a: Int
    fileprivate let b: Int
    /// Welch's test; `nil` where there are too few runs, or none vary.
    package let welch: WelchTest?
    /// Its p-value after Holm's correction for all the view's tests.
    package fileprivate(set) var pValue: Double?
  }

  /// More groups than this are shown and not tested each against each.
  static let testedGroupLimit = 12
  /// With fewer runs a group an interval says next to nothing.
  static let fewRuns = 3

  /// The parameters that tell groups apart.
  package let keys: [String]
  /// What is compared.
  package let metric: String
  /// The groups, the best first.
  package let groups: [Group]
  /// Each against each, the best ones first.
  package let tests: [Test]
  private let direction: MetricDirection?

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
    let byValues = Dictionary(grouping: measured) { run in keys.map { run.parameters[$0] } }
    let groups = byValues.map { values, runs in
      Group(
        values: values, runs: runs.map(\.id).sorted(),
        sample: Sample(runs.compactMap { $0.metrics[metric]?.last }),
        name: zip(keys, values).map {
          "\($0) = \($1 == nil ? "none" : Cell.parameter($1).readable(TextStyle()))"
        }.joined(separator: ", "))
    }
    self.groups = groups.sorted { a, b in
      if a.sample.mean == b.sample.mean { return a.runs[0] < b.runs[0] }
      return (a.sample.mean < b.sample.mean) != (direction == .maximize)
    }
    tests = Self.tests(of: self.groups)
  }

  private static func tests(of groups: [Group]) -> [Test] {
    guard groups.count <= testedGroupLimit else { return [] }
    var tests: [Test] = []
    for a in groups.indices {
      for b in groups.indices where b > a {
        tests.append(
          Test(a: a, b: b, welch: WelchTest(groups[a].sample, groups[b].sample), pValue: nil))
      }
    }
    let known = tests.indices.filter { tests[$0].welch != nil }
    let adjusted = holmAdjusted(known.compactMap { tests[$0].welch?.pValue })
    for (index, pValue) in zip(known, adjusted) { tests[index].pValue = pValue }
    return tests
  }

  // MARK: In words

  /// What a test says, in a sentence.
  func sentence(_ test: Test) -> String {
    let (a, b) = (groups[test.a], groups[test.b])
    guard let welch = test.welch, let pValue = test.pValue else {
      let least = min(a.sample.values.count, b.sample.values.count)
      return least < 2
        ? "\(a.name) and \(b.name) cannot be compared: \(counted(least, "run")) of one says nothing of chance."
        : "\(a.name) and \(b.name): neither varies, so that chance cannot be judged."
    }
    let (n, m) = (a.sample.values.count, b.sample.values.count)
    let runs = n == m ? "\(n) runs each" : "\(n) and \(m) runs"
    let low = min(abs(welch.confidence.lowerBound), abs(welch.confidence.upperBound))
    let high = max(abs(welch.confidence.lowerBound), abs(welch.confidence.upperBound))
    let p = pValue < 0.001 ? "p < 0.001" : "p = \(pValue.readable(digits: 2))"
    guard pValue < 0.05 else {
      let interval =
        "\(welch.confidence.lowerBound.readable(digits: 2)) to \(welch.confidence.upperBound.readable(digits: 2))"
      return "\(a.name) and \(b.name) cannot be told apart: the difference is "
        + "\(welch.difference.readable(digits: 2)) (95 %: \(interval), \(p), \(runs))."
    }
    let word =
      direction.map { _ in "better" } ?? (welch.difference > 0 ? "greater" : "less")
    // Points are how people say differences of shares.
    let isShare = metric.lowercased().hasSuffix("accuracy")
    func amount(_ value: Double) -> String {
      isShare ? (value * 100).readable(digits: 2) : value.readable(digits: 3)
    }
    return "\(a.name) is \(word) than \(b.name) by \(amount(abs(welch.difference)))"
      + "\(isShare ? " points" : "") (95 %: \(amount(low)) to \(amount(high)), \(p), \(runs))."
  }

  // MARK: Renderings

  package var json: JSONValue {
    .object([
      "metric": .string(metric),
      "groups": .array(
        groups.map { group in
          .object([
            "key": .object(
              zip(keys, group.values).map { .init(key: $0, value: $1?.json ?? .null) }),
            "runs": .array(group.runs.map(JSONValue.integer)),
            "count": .integer(group.sample.values.count), "mean": .number(group.sample.mean),
            "standardDeviation": group.sample.values.count < 2
              ? .null : .number(group.sample.standardDeviation),
            "confidence": Self.json(group.sample.interval()),
          ])
        }),
      "tests": .array(
        tests.map { test in
          .object([
            "a": .integer(test.a), "b": .integer(test.b),
            "difference": .number(test.welch?.difference),
            "confidence": Self.json(test.welch?.confidence), "pValue": .number(test.pValue),
            "effectSize": .number(test.welch?.effectSize),
            "method": .string("Welch, Holm"),
          ])
        }),
    ])
  }

  private static func json(_ interval: ClosedRange<Double>?) -> JSONValue {
    guard let interval else { return .null }
    return .object([
      "lower": .number(interval.lowerBound), "upper": .number(interval.upperBound),
    ])
  }

  package var records: DataTable {
    DataTable(
      columns: keys.map { .init($0) }
        + [
          .init("count", title: "runs"), .init("mean", title: metric),
          .init("standardDeviation", title: "± sd"), .init("lower", title: "95 % from"),
          .init("upper", title: "to"), .init("runs", title: "which", rank: 1),
        ],
      rows: groups.map { group in
        let interval = group.sample.interval()
        return group.values.map { Cell.parameter($0) } + [
          .count(group.sample.values.count), .real(group.sample.mean),
          .real(group.sample.values.count < 2 ? nil : group.sample.standardDeviation),
          .real(interval?.lowerBound), .real(interval?.upperBound),
          .text(group.runs.map { String($0) }.joined(separator: " ")),
        ]
      })
  }

  package var document: Document {
    guard !groups.isEmpty else {
      return Document([.paragraph("No run here has a metric named \(metric).", .faint)])
    }
    var blocks: [Document.Block] = [
      .heading("\(metric), at the end, by \(keys.joined(separator: ", "))"), .table(records),
    ]
    if groups.contains(where: { $0.sample.values.count < Self.fewRuns }) {
      blocks.append(
        .paragraph(
          "Too few runs in some groups to tell: give each at least \(Self.fewRuns) seeds, such as with "
            + "tracker sweep --seed 1...5", .warning))
    }
    if groups.count > Self.testedGroupLimit {
      blocks.append(
        .paragraph(
          "\(groups.count) groups are too many to be tested each against each; choose fewer keys or runs.",
          .faint))
    }
    if !tests.isEmpty {
      blocks.append(.heading("Differences"))
      blocks.append(.list(tests.map(sentence)))
      blocks.append(
        .paragraph(
          "Welch's test of means, p-values after Holm for \(counted(tests.count, "test")).", .faint)
      )
    }
    return Document(blocks)
  }
}
