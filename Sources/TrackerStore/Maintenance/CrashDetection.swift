import TrackerSQLite

extension Store {
  /// Marks the runs and sweeps whose process is gone as crashed. Every command that looks at runs calls it first.
  ///
  /// A run ends when its process wrote last. Where nothing may be written nothing is marked.
  ///
  /// - Returns: the numbers of the runs that were marked
  /// - Throws: ``StoreError``
  @discardableResult
  public func markCrashedRuns() throws -> [Int64] {
    guard !isReadOnly else { return [] }
    // Most times none is running: that is seen without becoming a writer.
    guard try hasUnmarkedCrashes() else { return [] }
    return try write("marking crashed runs in") { connection in
      try connection.transaction {
        // Look again: a run may have ended, or be marked by another process, in between.
        let ids = try Self.withoutProcess(.run, connection)
        for id in ids {
          try connection.run(
            """
            UPDATE run SET status = 'crashed', ended_at = max(
              started_at,
              coalesce((SELECT max(last_at) FROM metric_series WHERE run_id = run.id), started_at),
              coalesce(
                (SELECT max(created_at) FROM gradient_check WHERE run_id = run.id), started_at),
              coalesce((SELECT max(created_at) FROM artifact WHERE run_id = run.id), started_at),
              coalesce((SELECT max(created_at) FROM alert WHERE run_id = run.id), started_at))
            WHERE id = ?
            """, [.integer(id)])
        }
        for id in try Self.withoutProcess(.sweep, connection) {
          try connection.run(
            "UPDATE sweep SET status = 'crashed' WHERE id = ?", [.integer(id)])
        }
        return ids
      }
    }
  }

  /// Whether a run or a sweep is said to be running whose process is gone.
  ///
  /// - Throws: ``StoreError``
  public func hasUnmarkedCrashes() throws -> Bool {
    try read("reading") { connection in
      try !Self.withoutProcess(.run, connection).isEmpty
        || !Self.withoutProcess(.sweep, connection).isEmpty
    }
  }

  /// The tables of what belongs to a process while it runs.
  private enum ProcessTable: String { case run, sweep }

  private static func withoutProcess(
    _ table: ProcessTable, _ connection: Connection
  ) throws -> [Int64] {
    try connection.rows(
      """
      SELECT id, host, pid, process_start, boot_id, pid_namespace, machine_id FROM \(table.rawValue)
      WHERE status = 'running'
      """
    ) { row -> Int64? in
      let process = ProcessIdentity(
        pid: Int32(truncatingIfNeeded: row.integer(2)), startTime: row.optionalInteger(3),
        bootID: row.optionalText(4), pidNamespace: row.optionalText(5),
        machineID: row.optionalText(6))
      return process.state(host: row.text(1)) == .gone ? row.integer(0) : nil
    }.compactMap { $0 }
  }
}
