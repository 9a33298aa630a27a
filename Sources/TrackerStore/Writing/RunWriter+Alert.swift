import TrackerSQLite

extension RunWriter {
  /// Records an alert.
  ///
  /// - Throws: ``StoreError``
  public func log(alert: Alert) throws {
    try write("recording an alert in") { connection in
      try AlertRows.insert(alert, run: id, on: connection)
    }
  }
}

/// An alert as a row.
enum AlertRows {
  static func insert(_ alert: Alert, run id: Int64, on connection: Connection) throws {
    try connection.run(
      """
      INSERT INTO alert (run_id, title, text, level, step, created_at) VALUES (?, ?, ?, ?, ?, ?)
      """,
      [
        .integer(id), .text(alert.title), .text(alert.text), .text(alert.level.rawValue),
        .integer(alert.step), .integer(alert.time.milliseconds),
      ])
  }
}
