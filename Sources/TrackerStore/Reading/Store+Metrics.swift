import TrackerSQLite

extension Store {
  /// A metric's series, by step, and within a step in the order the values were logged; empty if the
  /// run has no such metric.
  ///
  /// - Parameter firstStep: the points before this step are left out
  /// - Throws: ``StoreError``
  public func points(
    run id: Int64, metric key: String, from firstStep: Int64 = .min
  ) throws -> [MetricPoint] {
    try read("reading a metric in") { connection in
      let start = try connection.row("SELECT started_at FROM run WHERE id = ?", [.integer(id)]) {
        $0.moment(0).milliseconds
      }
      let series = try connection.row(
        "SELECT id, point_count FROM metric_series WHERE run_id = ? AND key = ?",
        [.integer(id), .text(key)]
      ) { (id: $0.integer(0), count: $0.count(1)) }
      guard let start, let series else { return [] }
      var points: [MetricPoint] = []
      if firstStep == .min { points.reserveCapacity(min(series.count, 1 << 20)) }
      try connection.prepared(
        """
        SELECT step, value, elapsed FROM metric_point WHERE series_id = ? AND step >= ?
        ORDER BY step, nth
        """
      ) { statement in
        try statement.bind(series.id, at: 1)
        try statement.bind(firstStep, at: 2)
        while try statement.step() {
          points.append(
            MetricPoint(
              step: statement.integer(0), value: statement.number(1),
              time: Timestamp(milliseconds: start + statement.integer(2, in: StoredRange.spans))))
        }
      }
      return points
    }
  }
}
