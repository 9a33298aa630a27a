import TrackerSQLite

/// A point of a run's series, read for clients.
package struct HistoryPoint: Hashable, Sendable {
  package var run: String
  package var point: MetricPoint
}

extension Store {
  /// A metric's points by time, step and value.
  ///
  /// - Parameters:
  ///   - limit: at most so many; `nil` for all
  ///   - offset: so many of the first are left out
  /// - Returns: none where there is no such run or metric
  /// - Throws: ``StoreError``
  package func history(
    run uuid: String, metric key: String, limit: Int?, offset: Int
  ) throws -> [MetricPoint] {
    try read("reading a metric in") { connection in
      guard let series = try Self.series(key, runUUID: uuid, on: connection) else { return [] }
      return try connection.rows(
        """
        SELECT step, value, elapsed FROM metric_point WHERE series_id = ?
        ORDER BY elapsed, step, value LIMIT ? OFFSET ?
        """, [.integer(series.id), .integer(Int64(limit ?? -1)), .integer(Int64(offset))]
      ) { series.point($0) }
    }
  }

  /// The points of a metric of several runs at a sample of their steps.
  ///
  /// - Parameters:
  ///   - count: about so many steps, evenly chosen of all that some run has, and each run's first and last
  ///   - steps: those that are wanted; `nil` for all from 0 on
  ///   - limit: at most so many points a run
  /// - Throws: ``StoreError``
  package func sampledHistory(
    runs uuids: [String], metric key: String, steps wanted: ClosedRange<Int64>?, count: Int,
    limit: Int
  ) throws -> [HistoryPoint] {
    try read("reading a metric in") { connection in
      let series = try uuids.compactMap { uuid in
        try Self.series(key, runUUID: uuid, on: connection).map { (uuid: uuid, series: $0) }
      }
      var all: Set<Int64> = []
      var ends: Set<Int64> = []
      for (_, series) in series {
        let steps = try connection.rows(
          "SELECT DISTINCT step FROM metric_point WHERE series_id = ? ORDER BY step",
          [.integer(series.id)]
        ) { $0.integer(0) }
        all.formUnion(steps)
        if let first = steps.first, let last = steps.last { ends.formUnion([first, last]) }
      }
      guard let greatest = all.max() else { return [] }
      let range = wanted ?? 0...max(0, greatest)
      let steps = all.filter(range.contains).sorted()
      var sample = Set(steps)
      if steps.count > count {
        let interval = Double(steps.count) / Double(count)
        sample = Set((0..<count).map { steps[Int(saturating: Double($0) * interval)] })
        sample.formUnion(steps.suffix(1))
      }
      sample.formUnion(ends.filter(range.contains))
      let list = sample.map(String.init).joined(separator: ",")
      return try series.flatMap { uuid, series in
        try connection.rows(
          """
          SELECT step, value, elapsed FROM metric_point
          WHERE series_id = \(series.id) AND step IN (\(list))
          ORDER BY step, elapsed, value LIMIT \(limit)
          """
        ) { HistoryPoint(run: uuid, point: series.point($0)) }
      }
    }
  }

  private static func series(
    _ key: String, runUUID uuid: String, on connection: Connection
  ) throws -> Series? {
    guard
      let id = try connection.row(
        "SELECT id FROM run WHERE uuid = ?", [.text(uuid)], { $0.integer(0) })
    else { return nil }
    return try series(key, run: id, on: connection)
  }
}
