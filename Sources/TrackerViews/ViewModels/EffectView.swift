import TrackerSearch
package import TrackerStore

/// What the parameters in which runs differ did to the metric by which they are ranked.
package struct EffectView: Sendable {
  /// A parameter, and how much of the metric's variance goes with it.
  package struct Effect: Sendable {
    /// The parameter's key.
    package let key: String
    /// Kelley's ε², 0…1, of ``ParameterImportance``; `nil` where there are too few runs to tell.
    package let share: Double?
    /// Its value in each run.
    package let values: [ParameterValue?]
    /// The value whose runs came out best, by their median; `nil` where there are too many to tell.
    package let best: ParameterValue?
    /// Whether its values are numbers, too many for each to be told apart.
    package var isInterval: Bool { EffectView.isInterval(values) }
  }

  /// More than this many parameters are not drawn: those of least effect are left out.
  package static let drawnLimit = 8

  /// The runs that have the metric, in the order in which they were given.
  package let runs: [Run]
  package let metric: RankingMetric
  /// Whether the share is of the ranks' variance: few extreme outcomes would decide it else.
  package let isRanked: Bool
  /// The parameters, greatest effect first.
  package let effects: [Effect]

  /// `nil` where there is nothing to see: fewer than three runs with the metric, or none that differ.
  package init?(runs: [Run], metric: RankingMetric?) {
    guard let metric else { return nil }
    let measured = runs.filter { metric.value(of: $0).isFinite }
    // What only some runs have, such as a batch size, comes with another choice, such as the optimiser.
    let keys = ParameterDifferences(measured).influential.filter { key in
      measured.allSatisfy { $0.parameters[key] != nil }
    }
    guard measured.count >= 3, !keys.isEmpty else { return nil }
    let values = measured.map { metric.value(of: $0) }
    isRanked = abs(Sample(values).skewness) > Sample.skewnessLimit
    let outcomes = isRanked ? Self.ranks(values) : values
    self.runs = measured
    self.metric = metric
    effects = keys.map { key in
      let values = measured.map { $0.parameters[key] }
      return Effect(
        key: key, share: Self.share(values, outcomes), values: values,
        best: Self.best(values, outcomes, metric.direction))
    }.enumerated().sorted { a, b in
      let (one, other) = (a.element.share ?? -1, b.element.share ?? -1)
      return one == other ? a.offset < b.offset : one > other
    }.map(\.element)
  }

  private static func share(_ values: [ParameterValue?], _ outcomes: [Double]) -> Double? {
    let alternatives = Array(Set(values))
    if isInterval(values) {
      return ParameterImportance.share(
        coordinates: values.compactMap { $0?.number }, dimension: .interval, values: outcomes)
    }
    let places = Dictionary(uniqueKeysWithValues: alternatives.enumerated().map { ($1, $0) })
    return ParameterImportance.share(
      coordinates: values.map { Double(places[$0] ?? 0) },
      dimension: .choice(count: alternatives.count), values: outcomes)
  }

  /// Few alternatives are told apart; many numbers are grouped by size.
  private static func isInterval(_ values: [ParameterValue?]) -> Bool {
    Set(values).count > 8 && values.allSatisfy { $0?.number != nil }
  }

  /// The places of values in their order, 1 the least; equal ones share the mean of theirs.
  private static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = values
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }

  private static func best(
    _ values: [ParameterValue?], _ outcomes: [Double], _ direction: MetricDirection
  ) -> ParameterValue? {
    let groups = Dictionary(grouping: zip(values, outcomes), by: \.0)
    guard groups.count <= 8 else { return nil }
    let medians = groups.map { value, pairs in
      (value: value, median: pairs.map(\.1).sorted()[(pairs.count - 1) / 2])
    }
    return medians.min { direction.isBetter($0.median, than: $1.median) }?.value
  }

  /// What mattered most, and whether it is more than what the seed does by itself; `nil` where there is nothing to say.
  package var sentence: String? {
    let seeds: Set = ["seed", "splitSeed"]
    let noise = effects.filter { seeds.contains($0.key) }.compactMap(\.share).max() ?? 0
    guard let first = effects.first(where: { !seeds.contains($0.key) }), let share = first.share
    else { return nil }
    guard share > noise else {
      return noise > 0 ? "No parameter explains more of it than the seed." : nil
    }
    guard share >= 0.1 else { return nil }
    let best = first.best.map { " (best: \(Cell.parameter($0).readable(TextStyle())))" } ?? ""
    return
      "What mattered most was \(first.key)\(best): \(Int(saturating: (share * 100).rounded())) % of the "
      + "\(isRanked ? "variance of the ranks" : "variance") goes with it."
  }
}
