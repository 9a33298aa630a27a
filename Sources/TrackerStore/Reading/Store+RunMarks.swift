import TrackerSQLite

/// What tells that something of a run has changed, without reading the run.
package struct RunMark: Sendable, Hashable {
  /// What people and programs say of it: status, name, note, times.
  fileprivate var words: String
  /// How many points, series, parameters, tags, checks and alerts it has, and when the last tag was set.
  fileprivate var counts: [Int64]
}

extension Store {
  /// The marks of the newest runs that are not archived, by number: two that differ are of a run that changed in between.
  ///
  /// - Throws: ``StoreError``
  package func runMarks(newest limit: Int) throws -> [Int64: RunMark] {
    try read("reading") { connection in
      var marks: [Int64: RunMark] = [:]
      var first = Int64.max
      let rows = try connection.rows(
        """
        SELECT id, json_array(status, experiment_id, name, note, started_at, ended_at, error, outcome)
        FROM run WHERE archived_at IS NULL ORDER BY id DESC LIMIT ?
        """, [.integer(Int64(limit))]
      ) { ($0.integer(0), $0.text(1)) }
      for (id, words) in rows {
        marks[id] = RunMark(words: words, counts: [])
        first = min(first, id)
      }
      for counted in Self.counted {
        let columns = counted.columns.joined(separator: ", ")
        let found = try connection.rows(
          "SELECT run_id, \(columns) FROM \(counted.table) WHERE run_id >= ? GROUP BY run_id",
          [.integer(first)]
        ) { row in (row.integer(0), counted.columns.indices.map { row.integer($0 + 1) }) }
        let known = Dictionary(found, uniquingKeysWith: { $1 })
        let none = [Int64](repeating: 0, count: counted.columns.count)
        for (id, _) in rows { marks[id]?.counts += known[id] ?? none }
      }
      return marks
    }
  }

  /// What is counted of each run. Its tables know the run's number by an index.
  private static let counted: [(table: String, columns: [String])] = [
    ("metric_series", ["count(*)", "sum(point_count)", "max(last_at)"]),
    ("parameter", ["count(*)"]), ("tag", ["count(*)", "coalesce(max(set_at), 0)"]),
    ("gradient_check", ["count(*)"]), ("alert", ["count(*)"]),
  ]
}
