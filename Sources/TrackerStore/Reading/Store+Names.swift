import TrackerSQLite

/// What there is to be named in a store.
package struct StoreNames: Sendable {
  /// The runs' numbers, newest first.
  package var runs: [Int64] = []
  /// Names that one run alone has.
  package var uniqueNames: [String] = []
  package var experiments: [String] = []
  package var parameters: [String] = []
  package var metrics: [String] = []
  package var tags: [String] = []

  /// The fields of every run that a condition knows.
  package static let fields = RunField.names
}

extension Store {
  /// The names in the newest `count` runs, each once and in alphabetical order: what takes no longer in a large store
  /// than in a small one.
  ///
  /// - Throws: ``StoreError``
  package func names(inNewest count: Int) throws -> StoreNames {
    try read("reading") { connection in
      let newest = "(SELECT id FROM run ORDER BY id DESC LIMIT \(count))"
      func keys(_ table: String) throws -> [String] {
        try connection.rows(
          "SELECT DISTINCT key FROM \(table) WHERE run_id IN \(newest) ORDER BY key"
        ) { $0.text(0) }
      }
      return StoreNames(
        runs: try connection.rows("SELECT id FROM run ORDER BY id DESC LIMIT \(count)") {
          $0.integer(0)
        },
        uniqueNames: try connection.rows(
          """
          SELECT name FROM run AS named WHERE id IN \(newest) AND name IS NOT NULL AND name <> ''
          AND NOT EXISTS (SELECT 1 FROM run WHERE name = named.name AND id <> named.id) ORDER BY name
          """
        ) { $0.text(0) },
        experiments: try connection.rows("SELECT name FROM experiment ORDER BY name") {
          $0.text(0)
        },
        parameters: try keys("parameter"), metrics: try keys("metric_series"),
        tags: try keys("tag"))
    }
  }
}
