package import TrackerStore

/// How finely each curve of a report is known and drawn, so that a report of many runs stays small enough to be sent: the
/// curves take what the rest of the page leaves them.
package struct CurveBudget: Sendable {
  /// The points that a path of the page without its script has at most.
  static let drawnLimit = 120

  /// The most buckets of a curve that is drawn in colour, and of the others.
  private(set) var colouredBuckets = 400
  private(set) var otherBuckets = 200
  /// The characters of a value, of 6 bits each.
  private(set) var digits = 5
  /// The characters of a value that bounds a band, or of a mean.
  private(set) var bandDigits = 5
  /// Whether curves that are not drawn in colour have bands.
  private var othersHaveBands = true
  private let coloured: Set<Int64>
  /// Whether the others are drawn as bands of all of them, and have no paths.
  private let isCrowded: Bool
  /// What a finer level of the coloured curves, for those who zoom, may add in bytes.
  private static let fineBytes = 120_000.0
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
    isCrowded = runs.count - coloured.count > CrowdBand.leastCurves
    let counts = runs.flatMap { run in
      run.metrics.values.map { (count: $0.count, isColoured: coloured.contains(run.id)) }
    }
    // The times of a run's points are one curve more, of three characters a bucket, for all metrics of as many points.
    let times = runs.flatMap { run in
      Set(run.metrics.values.map(\.count)).map {
        (count: $0, isColoured: coloured.contains(run.id))
      }
    }
    let chartCost = 3_000 * Double(Set(runs.flatMap(\.metrics.keys)).count)
    func cost(_ counts: [(count: Int, isColoured: Bool)]) -> Double {
      chartCost + curveCost(counts)
        + times.reduce(0) {
          $0 + 30 + Double(3 * min($1.count, $1.isColoured ? colouredBuckets : otherBuckets))
        }
    }
    let bytes = PageWeight(runs).left
    while cost(counts) > bytes, narrow() {}
    refine(
      runs.filter { coloured.contains($0.id) }, aim: aim,
      room: min(Self.fineBytes, bytes - cost(counts)))
  }

  /// Makes all curves coarser: first what nobody sees of their numbers, then their buckets.
  ///
  /// - Returns: whether they could be
  private mutating func narrow() -> Bool {
    if digits > 3 {
      digits -= 1
      bandDigits = digits
    } else if bandDigits > 2 {
      bandDigits -= 1
    } else if otherBuckets > 24 {
      otherBuckets = max(24, otherBuckets * 9 / 10)
      colouredBuckets = max(80, colouredBuckets * 19 / 20)
    } else if othersHaveBands {
      othersHaveBands = false
      otherBuckets = 72
    } else if colouredBuckets > 40 {
      colouredBuckets = max(40, colouredBuckets * 9 / 10)
    } else if digits > 2 {
      digits -= 1
      otherBuckets = 36
    } else if otherBuckets > 12 || colouredBuckets > 24 {
      otherBuckets = max(12, otherBuckets * 9 / 10)
      colouredBuckets = max(24, colouredBuckets * 9 / 10)
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
      return sum
        + Double(
          min(count, fineBuckets) * (digits + (count > fineBuckets ? 3 * bandDigits : 0) + 8))
    }
  }

  private func curveCost(_ counts: [(count: Int, isColoured: Bool)]) -> Double {
    counts.reduce(0) { sum, curve in
      let limit = curve.isColoured ? colouredBuckets : otherBuckets
      let buckets = min(curve.count, limit)
      let hasBands = curve.count > limit && (curve.isColoured || othersHaveBands)
      let values = buckets * (hasBands ? digits + 3 * bandDigits : digits)
      // A point of a path takes some five bytes, and a band has two edges.
      let isDrawn = curve.isColoured || !isCrowded
      let points = isDrawn ? min(buckets, drawnPoints(isColoured: curve.isColoured)) : 0
      let corners = hasBands && curve.isColoured ? 2 * min(buckets, 80) : 0
      return sum + Double(values + 5 * (points + corners) + 50)
    }
  }

  /// The characters of a least, greatest or mean value of a run's curves; `nil` where they have none.
  func bandDigits(of run: Int64) -> Int? {
    othersHaveBands || coloured.contains(run) ? bandDigits : nil
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
