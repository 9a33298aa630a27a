import TrackerSQLite
import TrackerValues

extension Store {
  /// Lends the series of runs to be read as far as somebody looks at them: all that `body` reads is of one moment.
  ///
  /// - Parameter count: at most so many values of a series are read, the middle ones of spans of its points
  /// - Throws: ``StoreError``, also where something could not be read while `body` looked at it; what `body` throws
  package func withMedians<R>(
    atMost count: Int, _ body: (MedianReader) throws -> R
  ) throws -> R {
    try read("reading metrics in") { connection in
      let reader = MedianReader(connection: connection, count: count)
      defer { reader.isLent = false }
      return try reader.whole { try body(reader) }
    }
  }
}

/// Reads series while it is lent.
package final class MedianReader {
  private let connection: Connection
  private let count: Int
  fileprivate var isLent = true
  /// Why something that was looked at was not read.
  private var failure: (any Error)?

  fileprivate init(connection: Connection, count: Int) {
    self.connection = connection
    self.count = count
  }

  /// Does `body`, and fails where something that it looked at could not be read.
  ///
  /// - Throws: `SQLiteError`, or what `body` throws
  package func whole<R>(_ body: () throws -> R) throws -> R {
    defer { failure = nil }
    let result = try body()
    if let failure { throw failure }
    return result
  }

  /// A run's series, or `nil` if it has no such metric.
  package func series(run id: Int64, metric key: String) -> MedianSeries? {
    noting {
      try connection.row(
        """
        SELECT id, point_count, min_value, max_value, EXISTS (
          SELECT 1 FROM metric_point INDEXED BY metric_point_nan
          WHERE series_id = metric_series.id AND value IS NULL)
        FROM metric_series WHERE run_id = ?1 AND key = ?2
        """, [.integer(id), .text(key)]
      ) { row in
        let points = row.count(1)
        let size = max(1, (points + count - 1) / count)
        return MedianSeries(
          id: row.integer(0), pointCount: points, size: size,
          bounds: row.integer(4) == 0 ? Self.bounds(row.number(2), row.number(3)) : nil,
          reader: self)
      }
    } ?? nil
  }

  /// The first values of a series.
  fileprivate func first(_ count: Int, of series: Int64) -> [Double] {
    values(
      "SELECT value FROM metric_point WHERE series_id = ? ORDER BY step, nth LIMIT ?", count,
      of: series)
  }

  /// The last values of a series, the last one first.
  fileprivate func reversedLast(_ count: Int, of series: Int64) -> [Double] {
    values(
      "SELECT value FROM metric_point WHERE series_id = ? ORDER BY step DESC, nth DESC LIMIT ?",
      count, of: series)
  }

  private func values(_ sql: String, _ count: Int, of series: Int64) -> [Double] {
    noting {
      var values: [Double] = []
      try connection.prepared(sql) { points in
        try points.bind(series, at: 1)
        try points.bind(Int64(count), at: 2)
        try points.appendNumbers(0, atMost: count, to: &values)
      }
      return values
    } ?? []
  }

  /// A value for each span of so many points. Points go by as they are read: a series of any length takes the memory of a span.
  fileprivate func medians(of series: Int64, size: Int) -> [Double] {
    noting {
      var medians: [Double] = []
      try connection.prepared(
        "SELECT value FROM metric_point WHERE series_id = ? ORDER BY step, nth"
      ) { points in
        try points.bind(series, at: 1)
        var span: [Double] = []
        repeat {
          span.removeAll(keepingCapacity: true)
          try points.appendNumbers(0, atMost: size, to: &span)
          if !span.isEmpty { medians.append(span.last { !$0.isFinite } ?? upperMedian(span)) }
        } while span.count == size
      }
      return medians
    } ?? []
  }

  /// The step of a series' point.
  fileprivate func step(of series: Int64, point: Int) -> Int64? {
    noting {
      try connection.row(
        "SELECT step FROM metric_point WHERE series_id = ? ORDER BY step, nth LIMIT 1 OFFSET ?",
        [.integer(series), .integer(Int64(point))]
      ) { $0.integer(0) }
    } ?? nil
  }

  private static func bounds(_ least: Double, _ greatest: Double) -> ClosedRange<Double>? {
    least.isFinite && greatest.isFinite && least <= greatest ? least...greatest : nil
  }

  private func noting<R>(_ body: () throws -> R) -> R? {
    precondition(isLent, "a series is read while it is lent")
    guard failure == nil else { return nil }
    do { return try body() } catch {
      failure = error
      return nil
    }
  }
}

/// A series of a run, each value the middle one of a span of its points, and not finite where the span holds such a one; all its
/// values where they are few.
package final class MedianSeries: ReadableSeries {
  private let id: Int64
  private let pointCount: Int
  /// Points of a span.
  private let size: Int
  private let pointBounds: ClosedRange<Double>?
  private let reader: MedianReader
  private lazy var medians = reader.medians(of: id, size: size)

  fileprivate init(
    id: Int64, pointCount: Int, size: Int, bounds: ClosedRange<Double>?, reader: MedianReader
  ) {
    self.id = id
    self.pointCount = pointCount
    self.size = size
    pointBounds = bounds
    self.reader = reader
  }

  private var isWhole: Bool { size == 1 }
  package var count: Int { (pointCount + size - 1) / size }
  package var bounds: ClosedRange<Double>? { isWhole ? pointBounds : medians.bounds }

  package func first(_ count: Int) -> [Double] {
    isWhole ? reader.first(count, of: id) : medians.first(count)
  }

  package func last(_ count: Int) -> [Double] {
    isWhole ? reader.reversedLast(count, of: id).reversed() : medians.last(count)
  }

  /// The step of the first point of the span that a value stands for.
  package func step(at index: Int) -> Int64? { reader.step(of: id, point: index * size) }
}
