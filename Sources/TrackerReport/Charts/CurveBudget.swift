package import TrackerStore

/// How finely each curve of a report is known and drawn, so that a report of many runs stays small enough to be sent.
package struct CurveBudget: Sendable {
  /// What all curves together may take, in bytes: with it 100 runs of 1,000 epochs stay under 1 MB, unless they tell much besides.
  private static let bytes = 540_000.0
  /// The points that a path of the page without its script has at most.
  static let drawnLimit = 120

  /// The most buckets of a curve that is drawn in colour, and of the others.
  private(set) var colouredBuckets = 400
  private(set) var otherBuckets = 200
  /// The characters of a value, of 6 bits each.
  private(set) var digits = 5
  private let coloured: Set<Int64>
  /// What a finer level of the coloured curves, for those who zoom, may add in bytes; and with all else.
  private static let (fineBytes, wholeBytes) = (120_000.0, 640_000.0)
  /// The most buckets of a curve's finer level.
  private var fineBuckets = 4_000
  /// The metrics whose coloured curves have a finer level.
  private var fineMetrics: Set<String> = []

  /// - Parameters:
  ///   - runs: the runs whose curves are shown
  ///   - coloured: those that are drawn in colour
  ///   - aim: the metric by which they are ranked
  package init(_ runs: [Run], coloured: Set<Int64>, aim: String? = nil) {
    self.coloured = coloured
    let counts = runs.flatMap { run in
      run.metrics.values.map { (count: $0.count, isColoured: coloured.contains(run.id)) }
    }
    // The times of a run's points are one curve more, of three characters a bucket.
    let times = runs.map { run in
      (
        count: run.metrics.values.map(\.count).max() ?? 0, isColoured: coloured.contains(run.id)
      )
    }
    func cost(_ counts: [(count: Int, isColoured: Bool)]) -> Double {
      curveCost(counts)
        + times.reduce(0) {
          $0 + Double(3 * min($1.count, $1.isColoured ? colouredBuckets : otherBuckets))
        }
    }
    while cost(counts) > Self.bytes, narrow() {}
    refine(
      runs.filter { coloured.contains($0.id) }, aim: aim,
      room: min(Self.fineBytes, Self.wholeBytes - cost(counts)))
  }

  /// Makes all curves coarser.
  ///
  /// - Returns: whether they could be
  private mutating func narrow() -> Bool {
    if digits > 3 {
      digits -= 1
    } else if otherBuckets > 24 {
      otherBuckets = otherBuckets * 4 / 5
      colouredBuckets = max(40, colouredBuckets * 9 / 10)
    } else if colouredBuckets > 24 {
      colouredBuckets = colouredBuckets * 4 / 5
    } else if digits > 2 {
      digits -= 1
    } else {
      return false
    }
    return true
  }

  /// Gives a finer level to as many metrics as there is room for, first to the one that is aimed at.
  private mutating func refine(_ runs: [Run], aim: String?, room: Double) {
    let keys = inReadingOrder(metrics: Set(runs.flatMap(\.metrics.keys)))
    let ordered = keys.filter { $0 == aim } + keys.filter { $0 != aim }
    guard let first = ordered.first else { return }
    while fineCost(first, runs) > room, fineBuckets > 2 * colouredBuckets { fineBuckets /= 2 }
    guard fineBuckets > colouredBuckets else { return }
    var room = room
    for key in ordered {
      let cost = fineCost(key, runs)
      if cost == 0 { continue }
      if cost > room { return }
      room -= cost
      fineMetrics.insert(key)
    }
  }

  /// What the finer level of a metric takes: its values, and as if no other had them its steps and times.
  private func fineCost(_ key: String, _ runs: [Run]) -> Double {
    runs.reduce(0) { sum, run in
      guard let count = run.metrics[key]?.count, count > colouredBuckets else { return sum }
      return sum + Double(min(count, fineBuckets) * ((count > fineBuckets ? 4 : 1) * digits + 8))
    }
  }

  private func curveCost(_ counts: [(count: Int, isColoured: Bool)]) -> Double {
    counts.reduce(0) { sum, curve in
      let limit = curve.isColoured ? colouredBuckets : otherBuckets
      let buckets = min(curve.count, limit)
      // A bucket of several points has four values; a point of a path takes some five bytes.
      let values = buckets * (curve.count > limit ? 4 : 1) * digits
      return sum + Double(values + 5 * min(buckets, drawnPoints(isColoured: curve.isColoured)) + 90)
    }
  }

  /// The most buckets that the curves of a run have.
  package func buckets(of run: Int64) -> Int {
    coloured.contains(run) ? colouredBuckets : otherBuckets
  }

  /// The most buckets of the finer level of a curve; `nil` where it has none.
  package func fineBuckets(of run: Int64, _ metric: String) -> Int? {
    coloured.contains(run) && fineMetrics.contains(metric) ? fineBuckets : nil
  }

  /// The most points that a path is drawn with.
  func drawnPoints(isColoured: Bool) -> Int {
    min(Self.drawnLimit, isColoured ? max(60, colouredBuckets) : otherBuckets)
  }
}
