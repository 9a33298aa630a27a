import TrackerSQLite
import TrackerValues

/// What is known of a stretch of a series: enough to draw it, to read values off it and to smooth it.
package struct MetricBucket: Sendable, Hashable {
  /// The step of its last point.
  package var step: Int64
  /// When its last point was logged.
  package var time: Timestamp
  /// The last value, which may be NaN or ±∞.
  package var last: Double
  /// The least and the greatest finite value; NaN where there is none.
  package var least: Double
  package var greatest: Double
  /// The mean of the finite values; NaN where there is none.
  package var mean: Double
  /// How many values are finite, and how many are not.
  package var count: Int
  package var nonFiniteCount: Int
  /// The step from which on no value in it is finite; `nil` where its last one is.
  package var nonFiniteFrom: Int64?

  fileprivate init(_ bucket: SeriesBuckets.Bucket, start: Int64) {
    (step, time) = (bucket.step, Timestamp(milliseconds: start + bucket.time))
    (last, least, greatest, mean) = (bucket.last, bucket.least, bucket.greatest, bucket.mean)
    (count, nonFiniteCount) = (bucket.count, bucket.nonFiniteCount)
    nonFiniteFrom = bucket.nonFiniteFrom
  }
}

/// A series as buckets, as somebody wants it.
package struct BucketedSeries: Sendable {
  /// The metric's key.
  package let metric: String
  /// The most buckets of each level.
  package let counts: [Int]
  /// For each of ``counts`` at most so many buckets of equal spans of steps, by step; a bucket a point where there are no
  /// more.
  package fileprivate(set) var levels: [[MetricBucket]]
  /// The moments that take in all points, too; `nil` where nobody wants them.
  package var moments: SeriesMoments?

  /// What is wanted.
  package init(metric: String, counts: [Int], moments: SeriesMoments? = nil) {
    self.metric = metric
    self.counts = counts
    self.moments = moments
    levels = counts.map { _ in [] }
  }
}

extension Store {
  /// Reads series of a run, of one moment; what the run does not have is left empty.
  ///
  /// Points go by as they are read: a series of any length takes the memory of its buckets.
  ///
  /// - Throws: ``StoreError``
  package func read(_ wanted: inout [BucketedSeries], run id: Int64) throws {
    try read("reading a metric in") { connection in
      var known: [String: Series] = [:]
      try connection.prepared(
        """
        SELECT metric_series.id, point_count, started_at, key
        FROM metric_series JOIN run ON run.id = run_id WHERE run_id = ?
        """
      ) { statement in
        try statement.bind(id, at: 1)
        while try statement.step() {
          known[statement.text(3)] = Series(
            id: statement.integer(0), count: statement.count(1),
            start: statement.moment(2).milliseconds)
        }
      }
      var rows = Rows()
      for index in wanted.indices {
        guard let series = known[wanted[index].metric] else { continue }
        try Self.fill(&wanted[index], series, &rows, on: connection)
      }
    }
  }

  /// Rows that are read before they are taken in.
  private static let stretch = 4096

  /// Rows that were read and not taken in yet: one series after the other has its rows in the same memory.
  private struct Rows {
    var (steps, values, times): ([Int64], [Double], [Int64]) = ([], [], [])

    /// Reads the next ones in the place of those before.
    mutating func read(_ statement: borrowing Statement) throws {
      steps.removeAll(keepingCapacity: true)
      values.removeAll(keepingCapacity: true)
      times.removeAll(keepingCapacity: true)
      try statement.appendRows(
        atMost: Store.stretch, steps: &steps, values: &values, spans: &times,
        within: StoredRange.spans)
    }
  }

  private static func fill(
    _ wanted: inout BucketedSeries, _ series: Series, _ rows: inout Rows,
    on connection: Connection
  ) throws {
    try connection.prepared(
      "SELECT step, value, elapsed FROM metric_point WHERE series_id = ? ORDER BY step, nth"
    ) { statement in
      try statement.bind(series.id, at: 1)
      var levels: [SeriesBuckets] = []
      repeat {
        try rows.read(statement)
        if levels.isEmpty, let first = rows.steps.first, let end = rows.steps.last {
          // Of a series that goes on the last step is looked up.
          let last =
            rows.steps.count < Self.stretch
            ? end : try point(.max, of: series, on: connection)?.step ?? end
          levels = wanted.counts.map {
            SeriesBuckets(from: first, through: last, count: $0 < series.count ? $0 : nil)
          }
        }
        for level in levels.indices {
          levels[level].add(steps: rows.steps, values: rows.values, times: rows.times)
        }
        wanted.moments?.add(steps: rows.steps, values: rows.values)
      } while rows.steps.count == Self.stretch
      wanted.levels = levels.map { level in
        level.all.map { MetricBucket($0, start: series.start) }
      }
    }
    if wanted.levels.isEmpty { wanted.levels = wanted.counts.map { _ in [] } }
  }
}

extension [MetricPoint] {
  /// A series as at most `count` buckets, as ``Store/read(_:run:)`` reads one.
  package func buckets(count: Int) -> [MetricBucket] {
    guard let first, let last else { return [] }
    var filling = SeriesBuckets(
      from: first.step, through: last.step, count: self.count > count ? count : nil)
    filling.add(
      steps: map(\.step), values: map(\.value), times: map { $0.time.milliseconds })
    return filling.all.map { MetricBucket($0, start: 0) }
  }
}
