import TrackerSQLite

/// Something that a store holds and neither an export nor an import carries; a backup does.
package struct LeftOut: Hashable, Sendable {
  /// What it is, in the singular.
  package var what: String
  /// How many of them there are.
  package var count: Int

  /// What MLflow's clients keep beside runs.
  private static let tables = [
    ("logged_model", "logged model"), ("input_dataset", "input data set"),
    ("experiment_tag", "experiment tag"),
  ]

  /// What of this there is in a database that has the newest schema.
  ///
  /// - Parameter schema: the database's name on the connection, such as `main`
  static func all(in schema: String, on connection: Connection) throws -> [LeftOut] {
    try tables.compactMap { table, what in
      let count = try connection.row("SELECT count(*) FROM \(schema).\(table)") { $0.count(0) } ?? 0
      return count > 0 ? LeftOut(what: what, count: count) : nil
    }
  }
}
