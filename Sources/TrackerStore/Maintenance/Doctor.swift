import TrackerSQLite

/// What a look into a store's health found.
package struct HealthReport: Hashable, Sendable {
  /// One thing that was looked at.
  package struct Check: Hashable, Sendable {
    /// What was looked at, such as `integrity`.
    package var name: String
    /// What is wrong, a line each; empty if nothing is.
    package var problems: [String]
  }
  /// What was looked at, in order.
  package var checks: [Check]
  /// Runs that were found crashed and marked so; no damage.
  package var crashedRuns: [Int64]
  /// How many runs there are.
  package var runCount: Int
  /// The file's size in bytes.
  package var byteCount: Int

  /// Whether nothing is wrong.
  package var isHealthy: Bool { checks.allSatisfy(\.problems.isEmpty) }
}

extension Store {
  /// Looks the whole store over: the file's structure, references between rows, summaries against
  /// points, contents against their hashes.
  ///
  /// - Throws: ``StoreError`` when the file cannot even be read
  package func health() throws -> HealthReport {
    let crashed = try markCrashedRuns()
    return try read("examining") { connection in
      HealthReport(
        checks: try Self.checks(connection), crashedRuns: crashed,
        runCount: Int(try connection.row("SELECT count(*) FROM run") { $0.integer(0) } ?? 0),
        byteCount: Int(
          try connection.row(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
          ) { $0.integer(0) } ?? 0))
    }
  }

  /// What is looked at in a store that is open here.
  static func checks(_ connection: Connection) throws -> [HealthReport.Check] {
    try [
      HealthReport.Check(
        name: "integrity",
        problems: problems(connection, "PRAGMA integrity_check").filter { $0 != "ok" }
          + problems(connection, outOfRange(connection))),
      HealthReport.Check(
        name: "references",
        problems: problems(
          connection,
          """
          SELECT 'row ' || coalesce(rowid, '?') || ' of ' || "table" || ' refers to no row of '
            || parent FROM pragma_foreign_key_check
          """)),
      HealthReport.Check(
        name: "summaries",
        problems: problems(
          connection,
          """
          SELECT 'metric ' || key || ' of run ' || run_id || ' counts ' || point_count
            || ' points and has ' || found
          FROM (
            SELECT key, run_id, point_count, (
              SELECT count(*) FROM metric_point WHERE series_id = metric_series.id) AS found
            FROM metric_series)
          WHERE found <> point_count
          """)),
      HealthReport.Check(
        name: "orphans",
        problems: problems(
          connection,
          "SELECT 'nothing refers to content ' || id FROM blob WHERE \(BlobRows.isUnused)")
          + problems(
            connection,
            """
            SELECT 'a content of ' || count(*) || ' pieces was broken off' FROM blob_piece
            WHERE \(PieceSet.isBrokenOff(at: .now())) GROUP BY piece_set
            """)),
      HealthReport.Check(name: "contents", problems: wrongBlobs(connection)),
    ]
  }

  /// A query for the integers that are out of their range, at most a few of each column.
  private static func outOfRange(_ connection: Connection) throws -> String {
    try DumpTable.all.flatMap { table in
      try connection.rows("SELECT name FROM pragma_table_info(?)", [.text(table.name)]) {
        $0.text(0)
      }.compactMap { column in
        StoredRange.range(ofColumn: column, table: table.name).map { range in
          """
          SELECT * FROM (
            SELECT '\(column) of \(table.name) is ' || "\(column)" FROM \(table.name)
            WHERE typeof("\(column)") = 'integer'
              AND "\(column)" NOT BETWEEN \(range.lowerBound) AND \(range.upperBound) LIMIT 3)
          """
        }
      }
    }.joined(separator: " UNION ALL ")
  }

  private static func problems(_ connection: Connection, _ sql: String) throws -> [String] {
    do { return try connection.rows(sql) { $0.text(0) } } catch let error as SQLiteError {
      // What is damaged may not even be readable: that is the finding.
      return ["\(error.message)"]
    }
  }

  private static func wrongBlobs(_ connection: Connection) throws -> [String] {
    do {
      return try connection.rows("SELECT \(StoredContent.columns) FROM blob") { row -> String? in
        let content = StoredContent(row)
        var (hash, count) = (RunningDigest(), 0)
        try content.forEachPiece(on: connection) { piece in
          hash.update(piece)
          count += piece.count
        }
        let isRight = hash.finish() == content.sha256 && count == content.byteCount
        return isRight ? nil : "content \(content.id) does not have its hash"
      }.compactMap { $0 }
    } catch let error as SQLiteError {
      return ["\(error.message)"]
    }
  }
}
