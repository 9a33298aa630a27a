import TrackerSQLite

/// A place in a series: behind the point of this step and order.
package struct SeriesPosition: Hashable, Comparable, Sendable {
  /// The point's step.
  package var step: Int64
  /// Which of several points of that step.
  package var nth: Int64

  /// Before all points.
  package static let start = SeriesPosition(step: .min, nth: -1)

  /// Behind all points of a step.
  package static func behind(step: Int64) -> SeriesPosition {
    SeriesPosition(step: step, nth: .max)
  }

  package init(step: Int64, nth: Int64) {
    self.step = step
    self.nth = nth
  }

  package static func < (a: SeriesPosition, b: SeriesPosition) -> Bool {
    (a.step, a.nth) < (b.step, b.nth)
  }
}

/// A point and its place in the series.
package struct PlacedPoint: Hashable, Sendable {
  package var point: MetricPoint
  package var position: SeriesPosition

  package init(point: MetricPoint, position: SeriesPosition) {
    self.point = point
    self.position = position
  }
}

extension Store {
  /// The next points of a metric's series, by step and order: a long series is read page by page.
  ///
  /// - Parameter limit: at most so many
  /// - Returns: none where there are no more
  /// - Throws: ``StoreError``
  package func page(
    run id: Int64, metric key: String, after position: SeriesPosition, limit: Int
  ) throws -> [PlacedPoint] {
    try read("reading a metric in") { connection in
      guard let series = try Self.series(key, run: id, on: connection) else { return [] }
      return try connection.rows(
        """
        SELECT step, value, elapsed, nth FROM metric_point
        WHERE series_id = ? AND (step, nth) > (?, ?) ORDER BY step, nth LIMIT ?
        """,
        [
          .integer(series.id), .integer(position.step), .integer(position.nth),
          .integer(Int64(limit)),
        ]
      ) { row in
        PlacedPoint(
          point: series.point(row),
          position: SeriesPosition(step: row.integer(0), nth: row.integer(3)))
      }
    }
  }

  /// Hands on a metric's points by step and order, page by page: a series of any length takes little memory.
  ///
  /// - Throws: ``StoreError``, and what `body` throws
  package func forEachPage(
    run id: Int64, metric key: String, _ body: ([PlacedPoint]) throws -> Void
  ) throws {
    var end = SeriesPosition.start
    while true {
      let page = try page(run: id, metric: key, after: end, limit: 8192)
      guard let last = page.last else { return }
      try body(page)
      end = last.position
    }
  }

  /// How many points a metric has up to a place.
  ///
  /// - Throws: ``StoreError``
  package func pointCount(
    run id: Int64, metric key: String, through position: SeriesPosition
  ) throws -> Int {
    try read("reading a metric in") { connection in
      guard let series = try Self.series(key, run: id, on: connection) else { return 0 }
      // Those behind it are the fewer where a series is asked for again and again.
      let later = try connection.row(
        "SELECT count(*) FROM metric_point WHERE series_id = ? AND (step, nth) > (?, ?)",
        [.integer(series.id), .integer(position.step), .integer(position.nth)]
      ) { $0.count(0) }
      return series.count - (later ?? 0)
    }
  }

  /// When each of a run's gradient checks was made, by its number; without those that do not tell.
  ///
  /// - Throws: ``StoreError``
  package func checkTimes(run id: Int64) throws -> [Int64: Timestamp] {
    let rows = try read("reading gradient checks in") { connection in
      try connection.rows(
        "SELECT id, created_at FROM gradient_check WHERE run_id = ? AND created_at IS NOT NULL",
        [.integer(id)]
      ) { ($0.integer(0), $0.moment(1)) }
    }
    return Dictionary(uniqueKeysWithValues: rows)
  }
}
