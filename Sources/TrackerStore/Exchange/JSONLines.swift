import TrackerJSON
import TrackerSQLite

/// An export as JSON lines: a line a row, named by its table, as `Migrations/README.md` documents it.
struct JSONLinesWriter {
  private let write: (UnsafeRawBufferPointer) throws -> Void
  private var lines = JSONWriter()

  init(_ write: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.write = write }

  mutating func take(_ item: DumpItem) throws {
    switch item {
    case .header(let schema, let program):
      lines.writeLine([
        ("tracker", .string("export")), ("schema", .integer(schema)), ("program", .string(program)),
      ])
    case .row(let table, let values):
      lines.writeLine(
        [("table", .string(table.name))] + values.map { ($0.column, JSONValue($0.value)) })
    case .content(let id, let sha256, let byteCount):
      lines.writeLine([
        ("table", .string(DumpTable.contents.name)), ("id", .integer(id)),
        ("sha256", .string(Digest.hexadecimal(sha256))), ("bytes", .integer(byteCount)),
      ])
    case .piece(let bytes):
      lines.writeLine([
        ("content", .string(String(decoding: Base64.digits(of: bytes), as: UTF8.self)))
      ])
    case .end(let rowCount): lines.writeLine([("end", .integer(rowCount))])
    }
    if case .end = item { try flush() } else if lines.bytes.count > 1 << 16 { try flush() }
  }

  private mutating func flush() throws {
    try lines.bytes.withUnsafeBytes { try write($0) }
    lines.bytes.removeAll(keepingCapacity: true)
  }
}

extension JSONValue {
  /// The value of a column. An infinite number is a text, which StagingLoader knows by the column; NaN is stored as NULL.
  fileprivate init(_ value: SQLiteValue) {
    switch value {
    case .null: self = .null
    case .integer(let value): self = .integer(value)
    case .real(let value): self = .number(value)
    case .text(let text): self = .string(text)
    case .blob(let bytes): self = .string(Digest.hexadecimal(bytes))
    }
  }
}

/// Reads the lines of an export.
struct JSONLinesReader {
  /// What one line says.
  ///
  /// - Throws: ``ImportSyntaxError`` when it is not a line of an export
  static func item(
    _ line: some Collection<UInt8>, _ handle: (ImportItem) throws -> Void
  ) throws {
    guard let object = try? JSONValue(parsing: line), case .object(let members) = object else {
      throw ImportSyntaxError("this is not a JSON object")
    }
    if let table = object["table"] {
      guard case .string(let name) = table else { throw ImportSyntaxError("table is not text") }
      var values: [(String, SQLiteValue)] = []
      for member in members where member.key != "table" {
        // What is made of others is in no column of ours.
        if let value = SQLiteValue(member.value) { values.append((member.key, value)) }
      }
      return try handle(.row(table: name, values))
    }
    if case .string(let digits)? = object["content"] {
      guard let bytes = Base64.bytes(of: Array(digits.utf8)) else {
        throw ImportSyntaxError("the content is not Base64")
      }
      return try handle(.piece(bytes))
    }
    if case .integer(let count)? = object["end"] { return try handle(.end(rowCount: Int(count))) }
    if object["tracker"] == .string("export"), case .integer(let schema)? = object["schema"] {
      return try handle(.header(schema: Int(schema)))
    }
    throw ImportSyntaxError("this is not a line of an export")
  }
}

/// What a file says that is imported; not to be trusted.
enum ImportItem {
  case header(schema: Int)
  case row(table: String, [(column: String, value: SQLiteValue)])
  case piece([UInt8])
  case end(rowCount: Int)
}

extension ImportItem {
  /// What an export says, as an import reads it.
  init(_ item: DumpItem) {
    switch item {
    case .header(let schema, _): self = .header(schema: schema)
    case .row(let table, let values): self = .row(table: table.name, values)
    case .content(let id, let sha256, let byteCount):
      self = .row(
        table: DumpTable.contents.name,
        [
          ("id", .integer(id)), ("sha256", .text(Digest.hexadecimal(sha256))),
          ("bytes", .integer(Int64(byteCount))),
        ])
    case .piece(let bytes): self = .piece(Array(bytes))
    case .end(let count): self = .end(rowCount: count)
    }
  }
}

/// What is wrong with a line of a file that is imported.
struct ImportSyntaxError: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

extension SQLiteValue {
  /// The value of a column; `nil` for a list or an object.
  init?(_ value: JSONValue) {
    switch value {
    case .null: self = .null
    case .boolean(let value): self = .integer(value ? 1 : 0)
    case .integer(let value): self = .integer(value)
    case .number(let value): self = .real(value)
    case .string(let text): self = .text(text)
    case .array, .object: return nil
    }
  }
}
