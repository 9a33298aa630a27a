import TrackerSQLite

/// Fills a new store with what an export says.
final class StagingLoader {
  let connection: Connection
  private let path: String
  private let program: String
  private var schema: Int?
  /// The columns of each table with their types.
  private var types: [String: [String: String]] = [:]
  /// The last row of each table: the next is mostly like it.
  private var rows: [String: Row] = [:]
  private var rowCount = 0
  private var isComplete = false
  /// The content that comes now.
  private var content: ContentWriter?

  init(connection: Connection, path: String, program: String) {
    self.connection = connection
    self.path = path
    self.program = program
  }

  /// - Parameter read: hands on all that the export says, in its order
  /// - Throws: ``ImportSyntaxError`` where `read` does not locate it
  func load(_ read: (_ take: (ImportItem) throws -> Void) throws -> Void) throws {
    try connection.execute("BEGIN")
    try read { try self.take($0) }
    guard isComplete else {
      throw ImportSyntaxError("it ends before its end; the export was cut off")
    }
    try connection.execute("COMMIT")
    try connection.execute("PRAGMA foreign_keys = OFF")
    try Migrator(connection: connection, path: path).migrate(
      now: .now(), program: program, keepsCopy: false)
  }

  private func take(_ item: ImportItem) throws {
    switch item {
    case .header(let version):
      guard schema == nil else { throw ImportSyntaxError("a second export begins") }
      guard (1...Migrator.newestVersion).contains(version) else {
        throw ImportSyntaxError(
          "its schema is version \(version), and this program knows versions up to "
            + "\(Migrator.newestVersion)")
      }
      schema = version
      try connection.execute("COMMIT")
      try Migrator(connection: connection, path: path).migrate(
        to: version, now: .now(), program: program, keepsCopy: false)
      // What a row refers to comes before it: so its line is known when it refers to nothing.
      try connection.execute("PRAGMA foreign_keys = ON")
      try connection.execute("BEGIN")
    case .row(let table, let values):
      guard schema != nil else { throw ImportSyntaxError("this is not an export of tracker's") }
      try endContent()
      rowCount += 1
      try table == DumpTable.contents.name ? beginContent(values) : insert(values, into: table)
    case .piece(let bytes):
      try append(bytes)
    case .end(let count):
      try endContent()
      guard count == rowCount, !isComplete else {
        throw ImportSyntaxError("there should be \(count) rows, and there are \(rowCount)")
      }
      isComplete = true
    }
  }

  private func insert(
    _ values: [(column: String, value: SQLiteValue)], into table: String
  ) throws {
    let names = values.map(\.column)
    let row = try rows[table].flatMap { $0.names == names ? $0 : nil } ?? prepared(names, of: table)
    rows[table] = row
    // In a column of numbers this is one, and so it is in a parameter that is not text.
    let kind = row.kind.map { values[$0].value }
    let isText = kind == .text("text")
    var stored: [SQLiteValue] = []
    stored.reserveCapacity(values.count)
    for (place, column) in row.columns.enumerated() {
      let value = isText ? values[place].value : column.stored(values[place].value)
      if let problem = column.rule.problem(value, kind: kind?.text) {
        throw ImportSyntaxError("\(table): \(problem)")
      }
      stored.append(value)
    }
    do { try connection.run(row.sql, stored) } catch let error as SQLiteError where error.isOfValues
    {
      throw ImportSyntaxError("\(table): \(error.message)")
    }
  }

  /// How rows of these columns are checked and stored.
  ///
  /// - Throws: ``ImportSyntaxError`` if there is no such table, or it has other columns
  private func prepared(_ names: [String], of table: String) throws -> Row {
    if types[table] == nil {
      guard DumpTable.all.contains(where: { $0.name == table }) else {
        throw ImportSyntaxError("there is no table \(table.debugDescription)")
      }
      types[table] = Dictionary(
        try connection.rows(
          "SELECT name, type FROM pragma_table_info(?)", [.text(table)]
        ) { ($0.text(0), $0.text(1)) }, uniquingKeysWith: { $1 })
    }
    let columns = names.compactMap { name in
      types[table]?[name].map {
        Column(type: $0, rule: ColumnRule(column: name, table: table))
      }
    }
    guard columns.count == names.count, Set(names).count == names.count else {
      throw ImportSyntaxError("\(table) has other columns")
    }
    return Row(
      names: names, columns: columns, kind: names.firstIndex(of: "kind"),
      sql: """
        INSERT INTO \(table) (\(names.map { "\"\($0)\"" }.joined(separator: ", ")))
        VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
        """)
  }

  private func beginContent(_ values: [(column: String, value: SQLiteValue)]) throws {
    let members = Dictionary(values.map { ($0.column, $0.value) }) { first, _ in first }
    guard let id = members["id"]?.integer, let sha256 = members["sha256"]?.text,
      let digest = Digest.bytes(ofHexadecimal: sha256), digest.count == 32,
      let size = members["bytes"]?.integer, (0...Int64(Store.artifactLimit)).contains(size)
    else { throw ImportSyntaxError("a content needs id, sha256 and bytes") }
    // An older schema has no pieces, and its programs kept no content beyond 1 GB.
    let sizes = (schema ?? 0) < 7 ? ContentSizes(whole: .max) : .current
    do {
      content = try ContentWriter(
        ReceivedContent(sha256: digest, byteCount: Int(size)), row: id, sizes: sizes,
        on: connection)
    } catch let error as SQLiteError where error.isOfValues {
      throw ImportSyntaxError("a content: \(error.message)")
    }
  }

  private func append(_ bytes: [UInt8]) throws {
    do {
      let isWanted: ()? = try bytes.withUnsafeBytes { try content?.append($0) }
      if isWanted == nil { throw ContentMismatch() }
    } catch is ContentMismatch {
      throw ImportSyntaxError("there is more content than was said")
    }
  }

  private func endContent() throws {
    guard let content = content.take() else { return }
    do { _ = try content.finish() } catch is ContentMismatch {
      throw ImportSyntaxError("a content does not have its SHA-256")
    } catch let error as SQLiteError where error.isOfValues {
      throw ImportSyntaxError("a content: \(error.message)")
    }
  }
}

/// Rows of a table that give the same columns in the same order.
private struct Row {
  let names: [String]
  let columns: [Column]
  /// Where the kind of the value stands.
  let kind: Int?
  let sql: String
}

/// A column of a table that is filled.
private struct Column {
  let type: String
  let rule: ColumnRule

  /// What a value of an export is in the store; bytes stand there as hexadecimal digits.
  func stored(_ value: SQLiteValue) -> SQLiteValue {
    guard case .text(let text) = value, type != "TEXT" else { return value }
    if type == "BLOB", let bytes = Digest.bytes(ofHexadecimal: text) { return .blob(bytes) }
    return switch text {
    case "Infinity": .real(.infinity)
    case "-Infinity": .real(-.infinity)
    default: value
    }
  }
}

extension SQLiteError {
  /// Whether the values are to blame and not the disk.
  fileprivate var isOfValues: Bool {
    [SQLiteError.constraint, SQLiteError.mismatch, SQLiteError.tooBig].contains(code)
  }
}
