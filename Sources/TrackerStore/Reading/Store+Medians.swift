import TrackerSQLite
import TrackerValues

/// A series in the middle values of spans of its points, or all its values where they are few.
package struct MedianSeries: Sendable, Hashable {
  /// A value a span; one that is not finite where the span holds such a one.
  package var values: [Double] = []
  /// The first step of the first span whose value is not finite.
  package var notFiniteStep: Int64?
}

extension Store {
  /// Series of a run, each as at most `count` values; those that it does not have are left out. One that has grown since
  /// the run was read may have some more.
  ///
  /// Points go by as they are read: a series of any length takes the memory of a span.
  ///
  /// - Throws: ``StoreError``
  package func medians(
    of run: Run, metrics keys: [String], count: Int
  ) throws -> [String: MedianSeries] {
    try read("reading metrics in") { connection in
      var all: [String: MedianSeries] = [:]
      for key in keys {
        guard let series = run.metrics[key] else { continue }
        let size = max(1, (series.count + count - 1) / count)
        var medians = try Self.medians(run: run.id, metric: key, size: size, on: connection)
        if let index = medians.values.firstIndex(where: { !$0.isFinite }) {
          medians.notFiniteStep = try connection.row(
            "SELECT step " + Self.pointsOfSeries + " LIMIT 1 OFFSET ?3",
            [.integer(run.id), .text(key), .integer(Int64(index * size))]
          ) { $0.integer(0) }
        }
        all[key] = medians
      }
      return all
    }
  }

  private static let valuesOfSeries = "SELECT value " + pointsOfSeries
  /// The points of a run and a metric in order.
  private static let pointsOfSeries = """
    FROM metric_point
    WHERE series_id = (SELECT id FROM metric_series WHERE run_id = ?1 AND key = ?2) ORDER BY step, nth
    """

  /// - Parameter size: points of a span
  private static func medians(
    run id: Int64, metric key: String, size: Int, on connection: Connection
  ) throws -> MedianSeries {
    try connection.prepared(valuesOfSeries) { points in
      try points.bind(id, at: 1)
      try points.bind(key, at: 2)
      var medians = MedianSeries()
      guard size > 1 else {
        try points.appendNumbers(0, atMost: .max, to: &medians.values)
        return medians
      }
      var span: [Double] = []
      while true {
        span.removeAll(keepingCapacity: true)
        try points.appendNumbers(0, atMost: size, to: &span)
        if span.isEmpty { return medians }
        medians.values.append(span.last { !$0.isFinite } ?? upperMedian(span))
        if span.count < size { return medians }
      }
    }
  }
}
