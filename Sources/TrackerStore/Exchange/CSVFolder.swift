import TrackerCSV
import TrackerSQLite
import TrackerSystem

/// An export as a folder: a CSV file a table, and each content in a file named by its SHA-256.
///
/// A text stands in quotes and anything else does not, so that `1`, `1.0`, `"1"` and nothing at all (NULL)
/// stay what they are; every reader of CSV (RFC 4180) takes that.
struct CSVFolderWriter {
  private let folder: String
  private var table = ""
  private var tableFile: OutputFile?
  private var contentFile: OutputFile?

  /// - Parameter folder: is made; there must be none of that name
  init(folder: String) throws {
    self.folder = folder
    try OutputFile.makeFolder(folder)
    try OutputFile.makeFolder("\(folder)/\(Self.contents)")
  }

  mutating func take(_ item: DumpItem) throws {
    switch item {
    case .header(let schema, let program):
      try put([("schema", .integer(Int64(schema))), ("program", .text(program))], in: "export")
    case .row(let table, let values):
      try put(values, in: table.name)
    case .content(let id, let sha256, let byteCount):
      let name = Digest.hexadecimal(sha256)
      try put(
        [("id", .integer(id)), ("sha256", .text(name)), ("bytes", .integer(Int64(byteCount)))],
        in: DumpTable.contents.name)
      try contentFile?.close()
      contentFile = try OutputFile(creating: "\(folder)/\(Self.contents)/\(name)")
    case .piece(let bytes): try contentFile?.write(bytes)
    case .end(let rowCount):
      try put([("rows", .integer(Int64(rowCount)))], in: "end")
      try tableFile?.close()
      try contentFile?.close()
    }
  }

  static let contents = "contents"

  private mutating func put(
    _ values: [(column: String, value: SQLiteValue)], in name: String
  ) throws {
    if table != name {
      try tableFile?.close()
      table = name
      tableFile = try OutputFile(creating: "\(folder)/\(name).csv")
      try tableFile?.write(CSVWriter.line(values.map(\.column)))
    }
    try tableFile?.write(values.map { Self.field($0.value) }.joined(separator: ",") + "\n")
  }

  static func field(_ value: SQLiteValue) -> String {
    switch value {
    case .null: ""
    case .integer(let value): String(value)
    case .real(let value): "\(value)"
    case .blob(let bytes): CSVWriter.quoted(Digest.hexadecimal(bytes))
    case .text(let text): CSVWriter.quoted(text)
    }
  }
}

/// Reads such a folder.
struct CSVFolderReader {
  let folder: String

  /// Hands on what the files say, tables in the order in which they refer to each other.
  ///
  /// - Throws: ``StoreError`` that names the file and line
  func read(_ handle: (ImportItem) throws -> Void) throws {
    guard exists("\(folder)/export.csv") else {
      throw StoreError(
        .notAnExport,
        "importing \(folder): there are no runs in this folder that tracker knows how to read")
    }
    let tables = DumpTable.all.map(\.name)
    for name in ["export"] + tables + ["end"] {
      let path = "\(folder)/\(name).csv"
      // A table without rows has no file.
      guard tables.contains(name) == false || exists(path) else { continue }
      try read(path, table: name, handle)
    }
  }

  private func read(_ path: String, table: String, _ handle: (ImportItem) throws -> Void) throws {
    var columns: [String]?
    try InputFile.records(path) { fields in
      guard let columns else {
        columns = fields.map(\.text)
        return
      }
      guard fields.count == columns.count else {
        throw ImportSyntaxError("there are \(fields.count) fields, not \(columns.count)")
      }
      let values = try zip(columns, fields).map { ($0, try $1.value) }
      switch (table, values.first?.1) {
      case ("export", .integer(let schema)?): try handle(.header(schema: Int(schema)))
      case ("end", .integer(let count)?): try handle(.end(rowCount: Int(count)))
      case ("export", _), ("end", _): throw ImportSyntaxError("this is not an export of tracker's")
      default: try handle(.row(table: table, values))
      }
      if table == DumpTable.contents.name { try readContent(values, handle) }
    }
  }

  private func readContent(
    _ values: [(String, SQLiteValue)], _ handle: (ImportItem) throws -> Void
  ) throws {
    // The name comes from the file: nothing but the digits of a hash may become a path.
    guard case .text(let name)? = values.first(where: { $0.0 == "sha256" })?.1,
      name.utf8.count == 64, name.allSatisfy(\.isHexDigit)
    else { throw ImportSyntaxError("there is no SHA-256") }
    try InputFile.pieces("\(folder)/\(CSVFolderWriter.contents)/\(name)") {
      try handle(.piece(Array($0)))
    }
  }
}

/// A field of a CSV file, and whether it stood in quotes.
struct CSVField {
  var text: String
  var isQuoted: Bool

  var value: SQLiteValue {
    get throws {
      if isQuoted { return .text(text) }
      if text.isEmpty { return .null }
      let isWhole = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
      if isWhole, text != "-0", let value = Int64(text) { return .integer(value) }
      guard let value = Double(text) else {
        throw ImportSyntaxError("\(text.debugDescription) is not a number, and stands in no quotes")
      }
      return .real(value)
    }
  }
}
