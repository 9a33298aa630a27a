import TrackerJSON
import TrackerSQLite

/// An export as JSON lines: a line a row, named by its table, as `Migrations/README.md` documents it.
struct JSONLinesWriter {
  private let write: (UnsafeRawBufferPointer) throws -> Void
  private var buffer: [UInt8] = []

  init(_ write: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.write = write }

  mutating func take(_ item: DumpItem) throws {
    switch item {
    case .header(let schema, let program):
      put("{\"tracker\":\"export\",\"schema\":\(schema),\"program\":")
      put(text: program)
    case .row(let table, let values):
      put("{\"table\":\"\(table.name)\"")
      for (column, value) in values {
        put(",\"\(column)\":")
        put(value)
      }
    case .content(let id, let sha256, let byteCount):
      put(
        "{\"table\":\"blob\",\"id\":\(id),\"sha256\":\"\(Digest.hexadecimal(sha256))\","
          + "\"bytes\":\(byteCount)")
    case .piece(let bytes):
      put("{\"content\":\"")
      buffer.append(contentsOf: Base64.digits(of: bytes))
      put("\"")
    case .end(let rowCount):
      put("{\"end\":\(rowCount)")
    }
    put("}\n")
    if case .end = item { try flush() } else if buffer.count > 1 << 16 { try flush() }
  }

  private mutating func flush() throws {
    try buffer.withUnsafeBytes { try write($0) }
    buffer.removeAll(keepingCapacity: true)
  }

  private mutating func put(_ text: String) { buffer.append(contentsOf: text.utf8) }

  private mutating func put(_ value: SQLiteValue) {
    switch value {
    case .null: put("null")
    case .integer(let value): put(String(value))
    // JSON has no word for infinity; StagingLoader knows by the column that this is not text. NaN is
    // stored as NULL.
    case .real(.infinity): put("\"Infinity\"")
    case .real(-.infinity): put("\"-Infinity\"")
    case .real(let value): put("\(value)")
    case .text(let text): put(text: text)
    case .blob(let bytes): put("\"\(Digest.hexadecimal(bytes))\"")
    }
  }

  private mutating func put(text: String) {
    buffer.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): buffer += [UInt8(ascii: "\\"), byte]
      case 0x0A: put("\\n")
      case 0..<0x20:
        put("\\u00" + Digest.hexadecimal([byte]))
      default: buffer.append(byte)
      }
    }
    buffer.append(UInt8(ascii: "\""))
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
        throw ImportSyntaxError("the content is no Base64")
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
