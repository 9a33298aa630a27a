import TrackerSQLite

extension Store {
  /// When the run's last point was logged; its start where it has none.
  ///
  /// - Throws: ``StoreError``
  package func lastPoint(of run: Run) throws -> Timestamp {
    let elapsed = try read("reading") { connection in
      try connection.row(
        """
        SELECT max(metric_point.elapsed) FROM metric_series
        JOIN metric_point ON metric_point.series_id = metric_series.id AND metric_point.step = metric_series.last_step
        WHERE metric_series.run_id = ?
        """, [.integer(run.id)]
      ) { $0.optionalInteger(0) }
    }
    return Timestamp(milliseconds: run.startedAt.milliseconds + ((elapsed ?? nil) ?? 0))
  }
}
