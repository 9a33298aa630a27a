import TrackerSQLite

/// The tags of runs, of experiments or of models, and the table that keeps when some were taken off: a sync must not bring those
/// back.
struct TagTable {
  /// Its tags.
  let name: String
  /// The tags that were taken off.
  let removed: String
  /// The column that says whose they are, in both.
  let owner: String

  static let runs = TagTable(name: "tag", removed: "removed_tag", owner: "run_id")
  static let experiments = TagTable(
    name: "experiment_tag", removed: "removed_experiment_tag", owner: "experiment_id")
  static let models = TagTable(
    name: "logged_model_tag", removed: "removed_model_tag", owner: "model_id")

  /// Sets a tag.
  ///
  /// - Parameter id: whose it is
  func set(
    _ key: String, to value: String, of id: Int64, at now: Timestamp, on connection: Connection
  ) throws {
    try connection.run(
      """
      INSERT INTO \(name) (\(owner), key, value, set_at) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET value = excluded.value, set_at = excluded.set_at
      """, [.integer(id), .text(key), .text(value), .integer(now.milliseconds)])
  }

  /// Takes a tag off, and keeps that in mind.
  ///
  /// - Returns: whether it was there
  func remove(
    _ key: String, of id: Int64, at now: Timestamp, on connection: Connection
  ) throws -> Bool {
    try connection.run(
      "DELETE FROM \(name) WHERE \(owner) = ? AND key = ?", [.integer(id), .text(key)])
    let wasThere = connection.changeCount > 0
    try connection.run(
      """
      INSERT INTO \(removed) (\(owner), key, removed_at) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET removed_at = excluded.removed_at
      """, [.integer(id), .text(key), .integer(now.milliseconds)])
    return wasThere
  }
}
