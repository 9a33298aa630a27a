import TrackerSQLite

/// Fills a new store with what an export says.
final class StagingLoader {
  let connection: Connection
  private let path: String
  private let program: String
  private var schema: Int?
  /// The columns of each table with their types.
  private var columns: [String: [String: String]] = [:]
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
    if columns[table] == nil {
      guard DumpTable.all.contains(where: { $0.name == table }) else {
        throw ImportSyntaxError("there is no table \(table.debugDescription)")
      }
      columns[table] = Dictionary(
        try connection.rows(
          "SELECT name, type FROM pragma_table_info(?)", [.text(table)]
        ) { ($0.text(0), $0.text(1)) }, uniquingKeysWith: { $1 })
    }
    let names = values.map(\.column)
    guard let known = columns[table], names.allSatisfy({ known[$0] != nil }),
      Set(names).count == names.count
    else {
      throw ImportSyntaxError("\(table) has other columns")
    }
    // In a column of numbers this is one, and so it is in a parameter that is not text.
    let isText = values.contains { $0.column == "kind" && $0.value == .text("text") }
    let stored = values.map { column, value -> SQLiteValue in
      guard !isText, known[column] != "TEXT" else { return value }
      // Bytes stand in an export as hexadecimal digits.
      if known[column] == "BLOB", case .text(let digits) = value,
        let bytes = Digest.bytes(ofHexadecimal: digits)
      {
        return .blob(bytes)
      }
      return switch value {
      case .text("Infinity"): .real(.infinity)
      case .text("-Infinity"): .real(-.infinity)
      default: value
      }
    }
    let kind = values.first { $0.column == "kind" }?.value.text
    for (name, value) in zip(names, stored) {
      if let problem = StoredRange.problem(value, column: name, table: table, kind: kind) {
        throw ImportSyntaxError("\(table): \(problem)")
      }
    }
    do {
      try connection.run(
        """
        INSERT INTO \(table) (\(names.map { "\"\($0)\"" }.joined(separator: ", ")))
        VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
        """, stored)
    } catch let error as SQLiteError where error.isOfValues {
      throw ImportSyntaxError("\(table): \(error.message)")
    }
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

extension SQLiteError {
  /// Whether the values are to blame and not the disk.
  fileprivate var isOfValues: Bool {
    [SQLiteError.constraint, SQLiteError.mismatch, SQLiteError.tooBig].contains(code)
  }
}
