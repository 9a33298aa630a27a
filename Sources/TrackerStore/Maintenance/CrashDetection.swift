import TrackerSQLite

extension Store {
  /// Sees the runs and sweeps whose process is gone as crashed. Every command that looks at runs calls it first.
  ///
  /// A run ends when its process wrote last. It is marked so in the store, if that can be written at once; if not, for
  /// somebody else writes, the disk is full, or it may not be written, this store shows it so all the same.
  ///
  /// - Returns: the numbers of the runs that were seen
  /// - Throws: ``StoreError``
  @discardableResult
  package func markCrashedRuns() throws -> [Int64] {
    // Most times none is running: that is seen without becoming a writer.
    guard try hasUnmarkedCrashes() else { return [] }
    if !isReadOnly, let ids = try? markCrashedRunsNow() { return ids }
    let (runs, sweeps) = try read("reading") {
      (try withoutProcess(.run, $0), try withoutProcess(.sweep, $0))
    }
    try changeReading { connection in
      do { try Self.show(crashedRuns: runs, sweeps: sweeps, on: connection) } catch let error
        as SQLiteError
      {
        throw StoreError(error, while: "reading", path: path)
      }
    }
    return runs
  }

  private func markCrashedRunsNow() throws -> [Int64] {
    try write("marking crashed runs in", patience: 20) { connection in
      try connection.transaction {
        // Look again: a run may have ended, or be marked by another process, in between.
        let ids = try withoutProcess(.run, connection)
        for id in ids {
          try connection.run(
            "UPDATE run SET status = 'crashed', ended_at = \(Self.lastSign) WHERE id = ?",
            [.integer(id)])
        }
        for id in try withoutProcess(.sweep, connection) {
          try connection.run(
            "UPDATE sweep SET status = 'crashed' WHERE id = ?", [.integer(id)])
        }
        return ids
      }
    }
  }

  /// When a run is last known to have been written.
  static let lastSign = lastSign(in: "main")

  static func lastSign(in schema: String) -> String {
    let tables = [
      ("last_at", "metric_series"), ("created_at", "gradient_check"), ("created_at", "artifact"),
      ("created_at", "alert"),
    ]
    let times = tables.map { column, table in
      "coalesce((SELECT max(\(column)) FROM \(schema).\(table) WHERE run_id = run.id), started_at)"
    }
    return "max(started_at, \(times.joined(separator: ", ")))"
  }

  /// Puts views before the tables that show these as crashed, on this connection alone.
  private static func show(
    crashedRuns runs: [Int64], sweeps: [Int64], on connection: Connection
  ) throws {
    try connection.execute("PRAGMA temp_store = MEMORY")
    let views = try connection.rows(
      "SELECT name, sql FROM main.sqlite_schema WHERE type = 'view' ORDER BY rowid"
    ) { (name: $0.text(0), sql: $0.text(1)) }
    for (table, ids, end) in [("run", runs, lastSign), ("sweep", sweeps, "ended_at")] {
      let list = "(\(ids.map { String($0) }.joined(separator: ",")))"
      let columns = try connection.rows(
        "SELECT name FROM pragma_table_info(?, 'main')", [.text(table)]
      ) { row in
        switch row.text(0) {
        case "status": "CASE WHEN id IN \(list) THEN 'crashed' ELSE status END AS status"
        case "ended_at": "CASE WHEN id IN \(list) THEN \(end) ELSE ended_at END AS ended_at"
        case let name: "\"\(name)\""
        }
      }
      try connection.execute(
        """
        DROP VIEW IF EXISTS temp.\(table);
        CREATE TEMP VIEW \(table) AS SELECT \(columns.joined(separator: ", ")) FROM main.\(table)
        """)
    }
    // A view of the store sees the store's tables: the same text, as a view of this connection, sees these.
    for view in views where view.sql.hasPrefix("CREATE VIEW \(view.name) AS") {
      try connection.execute(
        """
        DROP VIEW IF EXISTS temp.\(view.name);
        CREATE TEMP VIEW \(view.sql.dropFirst("CREATE VIEW ".count))
        """)
    }
  }

  /// Whether a run or a sweep is said to be running whose process is gone.
  ///
  /// - Throws: ``StoreError``
  package func hasUnmarkedCrashes() throws -> Bool {
    try read("reading") { connection in
      try !withoutProcess(.run, connection).isEmpty
        || !withoutProcess(.sweep, connection).isEmpty
    }
  }

  /// The tables of what belongs to a process while it runs.
  private enum ProcessTable: String { case run, sweep }

  private func withoutProcess(
    _ table: ProcessTable, _ connection: Connection
  ) throws -> [Int64] {
    try connection.rows(
      """
      SELECT id, host, pid, process_start, boot_id, pid_namespace, machine_id, sign_of_life
      FROM \(table.rawValue)
      WHERE status = 'running'
      """
    ) { row -> Int64? in
      let process = ProcessIdentity(
        pid: Int32(truncatingIfNeeded: row.integer(2)), startTime: row.optionalInteger(3),
        bootID: row.optionalText(4), pidNamespace: row.optionalText(5),
        machineID: row.optionalText(6))
      var state = process.state(host: row.text(1))
      if state == .unknown, let sign = row.optionalText(7), process.isOfThisBoot {
        state = SignOfLife.state(sign, storePath: file)
      }
      return state == .gone ? row.integer(0) : nil
    }.compactMap { $0 }
  }
}
