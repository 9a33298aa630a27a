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
  /// Series of a run, each as at most `count` values; those that it does not have are left out.
  ///
  /// Points go by as they are read: a series of any length takes the memory of a span.
  ///
  /// - Throws: ``StoreError``
  package func medians(
    run id: Int64, metrics keys: [String], count: Int
  ) throws -> [String: MedianSeries] {
    try read("reading metrics in") { connection in
      var all: [String: MedianSeries] = [:]
      for key in keys {
        let series = try connection.row(
          "SELECT id, point_count FROM metric_series WHERE run_id = ? AND key = ?",
          [.integer(id), .text(key)]
        ) { (id: $0.integer(0), count: $0.count(1)) }
        guard let series else { continue }
        let size = max(1, (series.count + count - 1) / count)
        var medians = try Self.medians(series: series.id, size: size, on: connection)
        if let index = medians.values.firstIndex(where: { !$0.isFinite }) {
          medians.notFiniteStep = try connection.row(
            """
            SELECT step FROM metric_point WHERE series_id = ? ORDER BY step, nth LIMIT 1 OFFSET ?
            """, [.integer(series.id), .integer(Int64(index * size))]
          ) { $0.integer(0) }
        }
        all[key] = medians
      }
      return all
    }
  }

  /// - Parameter size: points of a span
  private static func medians(
    series id: Int64, size: Int, on connection: Connection
  ) throws -> MedianSeries {
    try connection.prepared(
      "SELECT value FROM metric_point WHERE series_id = ? ORDER BY step, nth"
    ) { points in
      try points.bind(id, at: 1)
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
