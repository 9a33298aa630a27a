import TrackerSQLite

extension Store {
  /// Opens a run that did not come to its end for writing again, as the work of this process.
  ///
  /// What was recorded after `step` is taken away, for it is to be recorded again.
  ///
  /// - Parameters:
  ///   - id: the run's number
  ///   - step: the last step that stays; −1 for none
  ///   - environment: where and by what the run goes on
  /// - Throws: ``StoreError`` with ``StoreError/Reason/ended`` when the run has finished or goes on
  public func resumeRun(
    id: Int64, after step: Int64, environment: RunEnvironment
  ) throws -> RunWriter {
    let life = signOfLife(of: environment.process)
    let (uuid, startedAt) = try write("resuming a run in") { connection in
      try connection.transaction {
        let found = try connection.row(
          "SELECT status, uuid, started_at FROM run WHERE id = ?", [.integer(id)]
        ) { ($0.text(0), $0.text(1), $0.integer(2)) }
        guard let (status, uuid, startedAt) = found else {
          throw StoreError(.noSuchRun, "no run \(id) in \(path)")
        }
        guard status != RunStatus.running.rawValue, status != RunStatus.finished.rawValue else {
          throw StoreError(
            .ended, "run \(id) is \(status), so there is nothing to resume",
            advice: status == RunStatus.running.rawValue ? "Wait for its end." : nil)
        }
        try Self.removeRecords(ofRun: id, after: step, on: connection)
        let process = environment.process
        try connection.run(
          """
          UPDATE run SET status = 'running', error = NULL, outcome = NULL, stop_reason = NULL,
            ended_at = NULL, host = ?, user = ?, machine_id = ?, boot_id = ?, pid_namespace = ?, pid = ?,
            process_start = ?, sign_of_life = ?
          WHERE id = ?
          """,
          [
            .text(environment.host), .text(environment.user), .text(process.machineID),
            .text(process.bootID), .text(process.pidNamespace), .integer(Int64(process.pid)),
            .integer(process.startTime), life, .integer(id),
          ])
        return (uuid, startedAt)
      }
    }
    return RunWriter(
      store: self, id: id, uuid: uuid,
      start: RunStart(
        environment: environment, startedAt: Timestamp(milliseconds: startedAt)))
  }

  private static func removeRecords(
    ofRun id: Int64, after step: Int64, on connection: Connection
  ) throws {
    let series = "SELECT id FROM metric_series WHERE run_id = ?1"
    try connection.run(
      "DELETE FROM metric_point WHERE series_id IN (\(series)) AND step > ?2",
      [.integer(id), .integer(step)])
    try connection.run(
      """
      DELETE FROM metric_series WHERE run_id = ? AND NOT EXISTS (
        SELECT 1 FROM metric_point WHERE series_id = metric_series.id)
      """, [.integer(id)])
    try connection.run(
      """
      \(MetricSeriesRows.summingUp)
      WHERE run_id = ?
      """, [.integer(id)])
    try connection.run(
      "DELETE FROM gradient_check WHERE run_id = ? AND step > ?", [.integer(id), .integer(step)])
    try connection.run(
      "DELETE FROM alert WHERE run_id = ? AND step > ?", [.integer(id), .integer(step)])
    try BlobRows.dropUnused(on: connection)
  }
}
