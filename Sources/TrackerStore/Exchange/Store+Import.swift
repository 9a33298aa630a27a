import TrackerSQLite
import TrackerSystem

/// What an import did.
public struct ImportReport: Hashable, Sendable {
  /// The runs that were taken over: their number there, and the one they have here.
  public var imported: [Pair] = []
  /// The runs that were here already, recognised by their UUID: their number there and here.
  public var known: [Pair] = []

  package init() {}

  /// A run's numbers in two stores.
  public struct Pair: Hashable, Sendable {
    /// The number in the store that was imported.
    public var there: Int64
    /// The number in this store.
    public var here: Int64
  }
}

extension Store {
  /// Takes over the runs of another store, of JSON lines or of a folder of CSV files.
  ///
  /// Runs get new numbers; those that are here already, which their UUID tells, are passed over. All is taken
  /// over or nothing. What is imported is not trusted: it goes through a store of its own beside this one, with
  /// all of the schema's checks, and contents must have their hashes. The source is left as it is.
  ///
  /// - Parameter source: a store's file, a folder of ``exportCSV(runs:program:into:)``, a file of
  ///   ``exportJSONLines(runs:program:to:)``, or `-` for such lines on standard input
  /// - Throws: ``StoreError`` that names file and line
  public func importRuns(
    from source: String, program: String = "TrackerStore"
  ) throws -> ImportReport {
    guard !FileFacts.isSame(source, path) else {
      throw StoreError(.sameStore, "a store cannot be imported into itself")
    }
    return try merge(source) { staging in
      if FileFacts.isStore(source) {
        _ = try Store.schemaVersion(ofFileAt: source)
        try StoreCopy(of: source).write(to: staging)
        let copy = try Connection(path: staging, mode: .readWrite)
        try Self.prepare(copy)
        try Migrator(connection: copy, path: staging).migrate(
          now: .now(), program: program, keepsCopy: false)
      } else {
        let loader = StagingLoader(
          connection: try Connection(path: staging, mode: .create), path: staging, program: program)
        try Self.prepare(loader.connection)
        try loader.load(source)
      }
    }
  }

  /// Takes over the runs that `fill` puts into a staging store.
  ///
  /// - Parameter source: what they come from, for messages
  /// - Throws: ``StoreError``, or what `fill` throws; then nothing was taken over
  package func importRuns(
    named source: String, program: String, _ fill: (StagingStore) throws -> Void
  ) throws -> ImportReport {
    try merge(source) { staging in
      let connection = try Connection(path: staging, mode: .create)
      try Self.prepare(connection)
      try Migrator(connection: connection, path: staging).migrate(
        now: .now(), program: program, keepsCopy: false)
      try connection.transaction { try fill(StagingStore(connection: connection)) }
    }
  }

  /// Lets `make` fill a store beside this one, and takes over what is in it.
  private func merge(_ source: String, _ make: (String) throws -> Void) throws -> ImportReport {
    let staging = "\(path).import.\(getpid()).part"
    func clear() {
      for suffix in ["", "-wal", "-shm", "-journal"] { unlink(staging + suffix) }
    }
    FileFacts.removeLeftovers(of: "\(path).import")
    defer { clear() }
    do {
      try make(staging)
      return try merge(storeAt: staging)
    } catch let error as SQLiteError {
      throw StoreError(error, while: "importing \(source) into", path: path)
    }
  }

  /// The staging store may be lost at any time.
  private static func prepare(_ connection: Connection) throws {
    connection.distrustSchema()
    try connection.execute("PRAGMA journal_mode = MEMORY")
    try connection.execute("PRAGMA synchronous = OFF")
  }

  private func merge(storeAt staging: String) throws -> ImportReport {
    try write("importing into") { connection in
      try connection.run("ATTACH ? AS incoming", [.text(staging)])
      defer { try? connection.execute("DETACH incoming") }
      return try connection.transaction { try StoreMerge(connection: connection).merge() }
    }
  }
}

/// Fills a new store with what an export says.
private final class StagingLoader {
  let connection: Connection
  private let path: String
  private let program: String
  private var schema: Int?
  /// The columns of each table with their types.
  private var columns: [String: [String: String]] = [:]
  private var rowCount = 0
  private var isComplete = false
  /// The content that comes now: its row, its size, and what has come.
  private var content: (id: Int64, sha256: String, size: Int, offset: Int, hash: RunningDigest)?

  init(connection: Connection, path: String, program: String) {
    self.connection = connection
    self.path = path
    self.program = program
  }

  func load(_ source: String) throws {
    try connection.execute("PRAGMA foreign_keys = OFF")
    try connection.execute("BEGIN")
    if FileFacts.isFolder(source) {
      try CSVFolderReader(folder: source).read(take)
    } else {
      try InputFile.lines(source) { line in try JSONLinesReader.item(line, self.take) }
    }
    guard isComplete else {
      throw StoreError(
        .malformed, "importing \(source): it ends before its end; the export was cut off")
    }
    let stray = try connection.row(#"SELECT "table", parent FROM pragma_foreign_key_check"#) {
      "a row of \($0.text(0)) refers to no row of \($0.text(1))"
    }
    if let stray {
      throw StoreError(.malformed, "importing \(source): \(stray)")
    }
    try connection.execute("COMMIT")
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
      try connection.execute("BEGIN")
    case .row(let table, let values):
      guard schema != nil else { throw ImportSyntaxError("this is no export of tracker's") }
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
    // In a column of numbers this is one, and so it is in a parameter that is no text.
    let isText = values.contains { $0.column == "kind" && $0.value == .text("text") }
    let stored = values.map { column, value -> SQLiteValue in
      guard !isText, known[column] != "TEXT" else { return value }
      return switch value {
      case .text("Infinity"): .real(.infinity)
      case .text("-Infinity"): .real(-.infinity)
      default: value
      }
    }
    do {
      try connection.run(
        """
        INSERT INTO \(table) (\(names.map { "\"\($0)\"" }.joined(separator: ", ")))
        VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
        """, stored)
    } catch let error as SQLiteError where error.code == SQLiteError.constraint {
      throw ImportSyntaxError(error.message)
    }
  }

  private func beginContent(_ values: [(column: String, value: SQLiteValue)]) throws {
    let members = Dictionary(values.map { ($0.column, $0.value) }) { first, _ in first }
    guard let id = members["id"]?.integer, let sha256 = members["sha256"]?.text,
      let digest = Digest.bytes(ofHexadecimal: sha256), digest.count == 32,
      let size = members["bytes"]?.integer, (0...Int64(Store.artifactLimit)).contains(size)
    else { throw ImportSyntaxError("a content needs id, sha256 and bytes") }
    do {
      try connection.run(
        "INSERT INTO blob (id, sha256, content) VALUES (?, ?, zeroblob(?))",
        [.integer(id), .blob(digest), .integer(size)])
    } catch let error as SQLiteError where error.code == SQLiteError.constraint {
      throw ImportSyntaxError(error.message)
    }
    content = (id, sha256, Int(size), 0, RunningDigest())
  }

  private func append(_ bytes: [UInt8]) throws {
    guard var current = content, current.offset + bytes.count <= current.size else {
      throw ImportSyntaxError("there is more content than was said")
    }
    let blob = try connection.blob(
      table: "blob", column: "content", row: current.id, writes: true)
    try bytes.withUnsafeBytes { bytes in
      try blob.write(bytes, at: current.offset)
      current.hash.update(bytes)
    }
    current.offset += bytes.count
    content = current
  }

  private func endContent() throws {
    guard var current = content else { return }
    content = nil
    guard current.offset == current.size,
      Digest.hexadecimal(current.hash.finish()) == current.sha256.lowercased()
    else { throw ImportSyntaxError("a content does not have its SHA-256") }
  }
}
