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
  }

  /// More than this many parameters are not drawn: those of least effect are left out.
  package static let drawnLimit = 8

  /// The runs that have the metric, in the order in which they were given.
  package let runs: [Run]
  package let metric: RankingMetric
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
    let outcomes = measured.map { metric.value(of: $0) }
    self.runs = measured
    self.metric = metric
    effects = keys.map { key in
      let values = measured.map { $0.parameters[key] }
      return Effect(key: key, share: Self.share(values, outcomes), values: values)
    }.enumerated().sorted { a, b in
      let (one, other) = (a.element.share ?? -1, b.element.share ?? -1)
      return one == other ? a.offset < b.offset : one > other
    }.map(\.element)
  }

  private static func share(_ values: [ParameterValue?], _ outcomes: [Double]) -> Double? {
    let alternatives = Array(Set(values))
    let numbers = values.compactMap { $0?.number }
    // Few alternatives are told apart; many numbers are grouped by size.
    if numbers.count == values.count, alternatives.count > 8 {
      return ParameterImportance.share(
        coordinates: numbers, dimension: .interval, values: outcomes)
    }
    let places = Dictionary(uniqueKeysWithValues: alternatives.enumerated().map { ($1, $0) })
    return ParameterImportance.share(
      coordinates: values.map { Double(places[$0] ?? 0) },
      dimension: .choice(count: alternatives.count), values: outcomes)
  }
}
