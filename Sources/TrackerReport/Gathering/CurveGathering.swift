import TrackerOptimization
import TrackerStore
import TrackerValues
import TrackerViews

/// Reads the curves of a report's runs, and the means of those that differ only in their seeds, on one or several threads:
/// who reads what changes nothing.
struct CurveGathering {
  let store: Store
  let runs: [Run]
  let budget: CurveBudget
  /// The runs that differ only in their seeds.
  let groups: [[Run]]
  /// The metrics whose means are drawn, in the order in which they are kept.
  let metrics: [String]

  /// The curves of each run, and a mean for each group and metric.
  typealias Result = (curves: [[BucketedCurve]], means: [MeanCurve])

  /// Runs that one thread reads one after the other: a mean depends on the order of what it is of.
  private struct Share {
    let places: [Int]
    let group: Int?
  }

  /// - Throws: ``StoreError``
  func read(threads: Int) throws -> Result {
    let shares = shares
    let found = try inParallel(
      over: shares, threads: threads,
      with: { thread in thread == 0 ? store : store.anotherReader }
    ) { store, share in try read(share, from: store) }
    var result: Result = (runs.map { _ in [] }, [])
    // Groups come before the runs that are in none, in their order.
    for (share, found) in zip(shares, found) {
      for (place, curves) in zip(share.places, found.curves) { result.curves[place] = curves }
      result.means += found.means
    }
    return result
  }

  private var shares: [Share] {
    let place = Dictionary(
      runs.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    let grouped = groups.enumerated().map { number, group in
      Share(places: group.compactMap { place[$0.id] }, group: number)
    }
    let known = Set(grouped.flatMap(\.places))
    return grouped
      + runs.indices.filter { !known.contains($0) }.map { Share(places: [$0], group: nil) }
  }

  private func read(_ share: Share, from store: Store) throws -> Result {
    var means =
      share.group.map { group in
        metrics.map { MeanCurve(group: group, metric: $0) }
      } ?? []
    let curves = try share.places.map { place in
      let run = runs[place]
      var wanted = run.metrics.keys.map { key in
        let count = budget.buckets(of: run.id)
        // A mean is of all values.
        return BucketedSeries(
          metric: key, counts: [count] + [budget.fineBuckets(of: run.id, key)].compactMap { $0 },
          moments: means.first { $0.metric == key }?.moments)
      }
      // What is grown elsewhere is not kept here, or it would be copied.
      for index in means.indices where run.metrics[means[index].metric] != nil {
        means[index].moments = SeriesMoments()
      }
      try store.read(&wanted, run: run.id)
      for series in wanted {
        guard let moments = series.moments,
          let index = means.firstIndex(where: { $0.metric == series.metric })
        else { continue }
        means[index].moments = moments
      }
      return wanted.map { series in
        BucketedCurve(
          run: run.id, metric: series.metric, buckets: series.levels[0],
          fine: series.levels.count > 1 ? series.levels[1] : [])
      }
    }
    return (curves, means)
  }
}
