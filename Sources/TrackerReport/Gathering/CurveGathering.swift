import Synchronization
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

  /// What is still to be read, and what was.
  private final class Progress: Sendable {
    struct State {
      var next = 0
      var curves: [[BucketedCurve]]
      var means: [[MeanCurve]]
      /// Of the first share that failed.
      var failure: (share: Int, error: any Error)?
    }

    let state: Mutex<State>

    init(_ state: State) { self.state = Mutex(state) }
  }

  /// - Throws: ``StoreError``
  func read(threads: Int) throws -> Result {
    let shares = shares
    let progress = Progress(
      .init(
        curves: runs.map { _ in [] }, means: groups.map { _ in [] }))
    inParallel(max(1, min(threads, shares.count))) { thread in
      guard let store = thread == 0 ? store : store.anotherReader else { return }
      while let (number, share) = take(from: shares, progress) {
        do {
          let (curves, means) = try read(share, from: store)
          progress.state.withLock { state in
            for (place, curves) in zip(share.places, curves) { state.curves[place] = curves }
            if let group = share.group { state.means[group] = means }
          }
        } catch {
          progress.state.withLock { state in
            if number < state.failure?.share ?? .max { state.failure = (number, error) }
          }
        }
      }
    }
    return try progress.state.withLock { state in
      if let failure = state.failure { throw failure.error }
      return (state.curves, state.means.flatMap { $0 })
    }
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

  /// The next share; `nil` where none is left, or one has failed.
  private func take(from shares: [Share], _ progress: Progress) -> (number: Int, share: Share)? {
    progress.state.withLock { state in
      guard state.next < shares.count, state.failure == nil else { return nil }
      defer { state.next += 1 }
      return (state.next, shares[state.next])
    }
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
