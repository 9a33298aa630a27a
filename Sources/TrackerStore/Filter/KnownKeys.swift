import TrackerSQLite

/// The keys that the runs of a store have.
package struct KnownKeys: Sendable {
  /// What the values of a parameter are, over all runs.
  package struct Values: Hashable, Sendable {
    /// Some are numbers, or texts that read as one, such as the `100` of `--hidden 100`.
    var hasNumbers: Bool
    /// Some are texts.
    var hasTexts: Bool

    package init(hasNumbers: Bool, hasTexts: Bool) {
      self.hasNumbers = hasNumbers
      self.hasTexts = hasTexts
    }
  }
  package let parameters: [String: Values]
  package let metrics: Set<String>
  package let tags: Set<String>

  package init(parameters: [String: Values], metrics: Set<String>, tags: Set<String>) {
    self.parameters = parameters
    self.metrics = metrics
    self.tags = tags
  }

  init(connection: Connection) throws {
    // From each key of an index to the next: as many steps as there are keys, however many runs have them. The cast
    // gives the comparison an affinity that reads texts as numbers. NULL is NaN. Two keys that SQLite tells apart are
    // one in Swift when they differ only in how their accents are composed.
    parameters = Dictionary(
      try connection.rows(
        Self.keys(of: "parameter") + """
          SELECT
            key,
            EXISTS (SELECT 1 FROM parameter WHERE key = keys.key AND value IS NULL)
              OR EXISTS (SELECT 1 FROM parameter WHERE key = keys.key AND value <= CAST(9e999 AS REAL)),
            EXISTS (
              SELECT 1 FROM parameter WHERE key = keys.key AND value >= '' AND typeof(value) = 'text')
          FROM keys WHERE key IS NOT NULL
          """
      ) { ($0.text(0), Values(hasNumbers: $0.integer(1) == 1, hasTexts: $0.integer(2) == 1)) },
      uniquingKeysWith: {
        Values(hasNumbers: $0.hasNumbers || $1.hasNumbers, hasTexts: $0.hasTexts || $1.hasTexts)
      })
    func known(_ table: String) throws -> Set<String> {
      Set(
        try connection.rows(
          Self.keys(of: table) + "SELECT key FROM keys WHERE key IS NOT NULL"
        ) { $0.text(0) })
    }
    metrics = try known("metric_series")
    tags = try known("tag")
  }

  /// The keys of a table that has an index by key, as `keys`, with a NULL at their end.
  private static func keys(of table: String) -> String {
    """
    WITH RECURSIVE keys (key) AS (
      SELECT min(key) FROM \(table)
      UNION ALL
      SELECT (SELECT min(key) FROM \(table) WHERE key > keys.key) FROM keys WHERE key IS NOT NULL
    )

    """
  }

  func keys(in scope: FilterField.Scope) -> [String] {
    switch scope {
    case .params: Array(parameters.keys)
    case .metrics: Array(metrics)
    case .tags: Array(tags)
    }
  }

  func has(_ key: String, in scope: FilterField.Scope) -> Bool {
    switch scope {
    case .params: parameters[key] != nil
    case .metrics: metrics.contains(key)
    case .tags: tags.contains(key)
    }
  }

  func values(ofParameter key: String) -> Values {
    parameters[key] ?? Values(hasNumbers: true, hasTexts: true)
  }
}

extension Store {
  /// The keys that the runs have, those that are archived included.
  ///
  /// - Throws: ``StoreError``
  package func knownKeys() throws -> KnownKeys {
    try read("reading") { try KnownKeys(connection: $0) }
  }
}
