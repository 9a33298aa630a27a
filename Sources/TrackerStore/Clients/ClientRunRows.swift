import TrackerSQLite

/// What clients write of a run's own rows.
enum ClientRunRows {
  /// Adds parameters that came as texts.
  ///
  /// - Throws: ``ClientRefusal/parametersChanged(_:run:)`` where one has another value
  static func add(
    _ parameters: [KeyedText], to run: Int64, _ uuid: String, on connection: Connection
  ) throws {
    var changed: [ClientRefusal.ChangedParameter] = []
    for parameter in parameters {
      let value = ParameterValue(typed: parameter.value)
      try connection.run(
        """
        INSERT INTO parameter (run_id, key, kind, value, written) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """,
        [
          .integer(run), .text(parameter.key), .text(value.kind), value.stored,
          .text(value.writtenText(of: parameter.value)),
        ])
      if connection.changeCount == 1 { continue }
      let old = try connection.row(
        "SELECT kind, value, written FROM parameter WHERE run_id = ? AND key = ?",
        [.integer(run), .text(parameter.key)], ParameterText.text)
      if let old, old != parameter.value {
        changed.append(.init(key: parameter.key, old: old, new: parameter.value))
      }
    }
    if !changed.isEmpty { throw ClientRefusal.parametersChanged(changed, run: uuid) }
  }

  static func set(
    _ tag: KeyedText, of run: Int64, at time: Timestamp, on connection: Connection
  ) throws {
    try TagTable.runs.set(tag.key, to: tag.value, of: run, at: time, on: connection)
  }

  /// - Parameter text: `nil` to empty it
  static func set(
    _ column: ClientColumn, to text: String?, of run: Int64, at time: Timestamp,
    on connection: Connection
  ) throws {
    // Users and commands are never NULL, and names and notes know when they were given.
    let empty: SQLiteValue = column == .user || column == .command ? .text("") : .null
    let moment = column == .name ? ", renamed_at = ?3" : column == .note ? ", noted_at = ?3" : ""
    try connection.run(
      "UPDATE run SET \(column.rawValue) = ?1\(moment) WHERE id = ?2 AND ?3 IS NOT NULL",
      [text.map(SQLiteValue.text) ?? empty, .integer(run), .integer(time.milliseconds)])
  }

  /// The number of a run that was not archived.
  ///
  /// - Throws: ``ClientRefusal``
  static func activeID(_ uuid: String, on connection: Connection) throws -> Int64 {
    let found = try connection.row(
      "SELECT id, archived_at IS NOT NULL FROM run WHERE uuid = ?", [.text(uuid)]
    ) { (id: $0.integer(0), isArchived: $0.integer(1) == 1) }
    guard let found else { throw ClientRefusal.noRun(uuid) }
    if found.isArchived { throw ClientRefusal.runDeleted(uuid) }
    return found.id
  }
}

/// The text of a parameter: what a client wrote, or else what its value is written as.
enum ParameterText {
  /// The text of a row of kind, value and written text.
  static func text(_ row: borrowing Statement) -> String {
    row.optionalText(2) ?? ParameterValue(kind: row.text(0), stored: row.value(1)).clientText
  }

  /// The same in SQL, on a row of `parameter`.
  static let sql = """
    coalesce(written, CASE kind WHEN 'boolean' THEN CASE value WHEN 0 THEN 'False' ELSE 'True' END \
    ELSE coalesce(CAST(value AS TEXT), 'nan') END)
    """
}

extension ParameterValue {
  /// The value as a program in Python would write it.
  var clientText: String {
    switch self {
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    case .text(let value): value
    case .boolean(let value): value ? "True" : "False"
    }
  }

  /// What has to be kept of the text that this value was made of.
  func writtenText(of text: String) -> String? {
    switch self {
    case .integer, .text: nil
    // SQLite writes numbers in its own way.
    case .real, .boolean: text
    }
  }
}
