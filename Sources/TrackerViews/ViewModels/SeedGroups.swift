package import TrackerStore
package import TrackerValues

/// Runs that repeat each other but for their seeds.
package struct SeedGroups: Sendable {
  /// The parameters that tell the groups apart; empty where there is one group alone.
  package let keys: [String]
  /// The runs of each group, two or more.
  package let groups: [[Run]]

  private static let seeds: Set = ["seed", "splitSeed"]

  /// `nil` where no run repeats another, or nothing but repetition is there to see.
  package init?(_ runs: [Run]) {
    func groups(_ runs: [Run], by keys: [String]) -> [[Run]] {
      Dictionary(grouping: runs) { run in keys.map { run.parameters[$0] } }.values
        .filter { $0.count > 1 }
    }
    let repeated = groups(runs, by: Self.keys(runs)).flatMap { $0 }.sorted { $0.id < $1.id }
    // What only runs without a repetition have otherwise tells no groups apart.
    keys = Self.keys(repeated)
    self.groups = groups(repeated, by: keys)
      .sorted { ($0.map(\.id).min() ?? 0) < ($1.map(\.id).min() ?? 0) }
    guard self.groups.count > 1 || (self.groups.first?.count ?? 0) > 2 else { return nil }
  }

  private static func keys(_ runs: [Run]) -> [String] {
    ParameterDifferences(runs).influential.filter { !seeds.contains($0) }
  }

  /// What tells this group apart: `lambda = 0.5, optimizer = tnc`.
  package func name(of group: [Run]) -> String {
    guard let run = group.first, !keys.isEmpty else { return "all runs" }
    return keys.map { key in
      "\(key) = \(run.parameters[key].map { Cell.parameter($0).readable(TextStyle()) } ?? "none")"
    }.joined(separator: ", ")
  }
}

/// The mean of a metric over the runs of a group, step by step, with the interval that covers it.
package struct MeanCurve: Sendable {
  /// The mean at a step, and the 95 % interval of the mean by Student's t; no wider than the mean where there
  /// is one run alone.
  package struct Point: Sendable, Hashable {
    package var step: Int64
    package var mean: Double
    package var lower: Double
    package var upper: Double
  }

  /// The group's place in ``SeedGroups/groups``.
  package let group: Int
  /// The metric's key.
  package let metric: String
  /// The values at each step.
  package var moments = SeriesMoments()

  /// A mean of nothing yet.
  package init(group: Int, metric: String) {
    self.group = group
    self.metric = metric
  }

  /// At most `limit` points, evenly chosen, the first and the last among them.
  package func points(limit: Int = 160) -> [Point] {
    let all = moments.all
    let count = min(limit, all.count)
    var quantiles: [Double: Double] = [:]
    return (0..<count).map { index in
      let moments = all[count < 2 ? 0 : index * (all.count - 1) / (count - 1)]
      let step = moments.step
      guard moments.count >= 2 else {
        return Point(step: step, mean: moments.mean, lower: moments.mean, upper: moments.mean)
      }
      let freedom = moments.count - 1
      let t = quantiles[freedom] ?? StudentT(degreesOfFreedom: freedom).twoSidedQuantile(tail: 0.05)
      quantiles[freedom] = t
      let half = t * (moments.squares / freedom / moments.count).squareRoot()
      return Point(
        step: step, mean: moments.mean, lower: moments.mean - half, upper: moments.mean + half)
    }
  }
}
