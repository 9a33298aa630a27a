import CTrackerSQLite
import TrackerSystem

/// One connection to a database file.
///
/// A connection is used by one thread at a time: its owner sees to that. Statements that are asked for
/// by ``prepared(_:_:)`` are kept, so that a statement of a hot path is compiled once.
package final class Connection {
  let handle: OpaquePointer
  private var kept: [String: KeptStatement] = [:]
  /// Beyond so many all are compiled anew as they are needed.
  private static let keptLimit = 500

  /// How a file is opened.
  package enum Mode: Sendable {
    /// Reads and writes; makes the file if there is none.
    case create
    /// Reads and writes a file that is there.
    case readWrite
    /// A database in memory, gone with the connection; the path does not matter.
    case memory
    /// Reads alone.
    case readOnly
    /// Reads a file that others may write and we may not: no file is made beside it, for it would be ours,
    /// and shut the others out. There must be a log and its shared memory.
    case visitor
    /// Reads a file that nobody changes meanwhile, without any lock: what is left in a folder where
    /// SQLite may not write its shared-memory file.
    case immutable
  }

  /// Opens the database at `path`.
  ///
  /// - Throws: ``SQLiteError``
  package init(path: String, mode: Mode) throws(SQLiteError) {
    var handle: OpaquePointer?
    // Every name is that of a file: `file:x`, which some builds of SQLite take for a URI, `:memory:` and nothing too.
    var name = path.hasPrefix("/") ? path : "./" + path
    var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    switch mode {
    case .create: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    case .memory:
      flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      name = ":memory:"
    case .readWrite: flags |= SQLITE_OPEN_READWRITE
    case .readOnly: flags |= SQLITE_OPEN_READONLY
    case .visitor:
      flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
      name = "file:\(Self.percentEncoded(path))?readonly_shm=1"
    case .immutable:
      flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
      name = "file:\(Self.percentEncoded(path))?immutable=1"
    }
    let status = sqlite3_open_v2(name, &handle, flags, nil)
    guard status == SQLITE_OK, let handle else {
      defer { sqlite3_close_v2(handle) }
      if let handle { throw Self.error(of: handle, sql: nil) }
      throw SQLiteError(extendedCode: status, message: "out of memory", sql: nil)
    }
    self.handle = handle
    self.mode = mode
    file = mode == .memory ? nil : FileIdentity(path: path)
    if let file { OpenDatabases.add(file) }
  }

  deinit {
    kept.removeAll()
    sqlite3_close_v2(handle)
    if let file { OpenDatabases.remove(file) }
  }
  private let file: FileIdentity?
  /// How the file was opened.
  package let mode: Mode

  private static func percentEncoded(_ path: String) -> String {
    var encoded = ""
    for byte in path.utf8 {
      let isPlain =
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x2D...0x39).contains(byte)
        || byte == 0x5F
      let digits = String(byte, radix: 16, uppercase: true)
      encoded +=
        isPlain ? String(UnicodeScalar(byte)) : "%" + (digits.count < 2 ? "0" : "") + digits
    }
    return encoded
  }

  static func error(of handle: OpaquePointer, sql: String?) -> SQLiteError {
    let code = sqlite3_extended_errcode(handle)
    // The number stays from one failure to the next: it says something of failures of the system alone.
    let isOfSystem = [SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_FULL].contains(code & 0xFF)
    return SQLiteError(
      extendedCode: code, message: String(cString: sqlite3_errmsg(handle)), sql: sql,
      systemCode: isOfSystem ? sqlite3_system_errno(handle) : 0)
  }

  // MARK: Statements

  /// Runs statements that take no values and whose rows do not matter.
  package func execute(_ sql: String) throws(SQLiteError) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
      throw Self.error(of: handle, sql: sql)
    }
  }

  /// Compiles a statement that is used this once.
  package func prepare(_ sql: String) throws(SQLiteError) -> Statement {
    try Statement(sql, on: handle, isKept: false)
  }

  /// Lends a statement that is compiled once and kept; it is reset afterwards.
  package func prepared<R>(
    _ sql: String, _ body: (borrowing Statement) throws -> R
  ) throws -> R {
    let box: KeptStatement
    if let found = kept[sql], !found.isBusy {
      box = found
    } else {
      box = KeptStatement(try Statement(sql, on: handle, isKept: true))
      // What strangers search for makes ever new statements.
      if kept.count >= Self.keptLimit { kept = kept.filter(\.value.isBusy) }
      kept[sql] = box
    }
    box.isBusy = true
    defer {
      box.statement.reset()
      box.isBusy = false
    }
    return try body(box.statement)
  }

  /// Runs a kept statement with these values.
  package func run(_ sql: String, _ values: [SQLiteValue] = []) throws {
    try prepared(sql) { statement in
      try statement.bind(values)
      try statement.run()
    }
  }

  /// Runs a kept statement with these values and makes something of each row.
  package func rows<Row>(
    _ sql: String, _ values: [SQLiteValue] = [], _ make: (borrowing Statement) throws -> Row
  ) throws -> [Row] {
    var rows: [Row] = []
    try forEachRow(sql, values) { rows.append(try make($0)) }
    return rows
  }

  /// Runs a kept statement with these values and lends each row.
  package func forEachRow(
    _ sql: String, _ values: [SQLiteValue] = [], _ body: (borrowing Statement) throws -> Void
  ) throws {
    try prepared(sql) { statement in
      try statement.bind(values)
      while try statement.step() { try body(statement) }
    }
  }

  /// The first row of a kept statement, or `nil` if it has none.
  package func row<Row>(
    _ sql: String, _ values: [SQLiteValue] = [], _ make: (borrowing Statement) throws -> Row
  ) throws -> Row? {
    try prepared(sql) { statement in
      try statement.bind(values)
      return try statement.step() ? try make(statement) : nil
    }
  }

  /// The rowid of the last row that was inserted.
  package var lastInsertedRowID: Int64 { sqlite3_last_insert_rowid(handle) }

  /// How many rows the last statement changed.
  package var changeCount: Int { Int(sqlite3_changes64(handle)) }

  /// Opens one content for reading or writing piece by piece.
  ///
  /// - Throws: ``SQLiteError`` when there is no such row or its column holds no blob
  package func blob(
    database: String = "main", table: String, column: String, row: Int64, writes: Bool
  ) throws(SQLiteError) -> Blob {
    try Blob(handle, database: database, table: table, column: column, row: row, writes: writes)
  }

  /// A number that changes whenever the database does, through this connection or any other. What others
  /// did is seen once a transaction has begun.
  package var dataVersion: UInt32 {
    var version: UInt32 = 0
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_DATA_VERSION, &version)
    return version
  }

  // MARK: Transactions

  /// Does all of `body` or nothing of it.
  ///
  /// It begins as a writer (BEGIN IMMEDIATE): a transaction that read first and would write later could
  /// be refused in its middle, when waiting helps no more.
  package func transaction<R>(_ body: () throws -> R) throws -> R {
    try run("BEGIN IMMEDIATE")
    return try finish {
      let result = try body()
      try requirePlace()
      return result
    }
  }

  /// Reads all of `body` from one state of the database.
  package func snapshot<R>(_ body: () throws -> R) throws -> R {
    try run("BEGIN DEFERRED")
    return try finish(body)
  }

  private func finish<R>(_ body: () throws -> R) throws -> R {
    do {
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      // Some errors, such as a full disk, have rolled back already.
      if sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
      throw error
    }
  }

  // MARK: Settings

  /// Waits at most this long for another process's lock.
  package func setBusyTimeout(milliseconds: Int32) { sqlite3_busy_timeout(handle, milliseconds) }

  /// Turns one of SQLite's `SQLITE_DBCONFIG_…` options on or off.
  package func setOption(_ option: Int32, _ isOn: Bool) {
    _ = tracker_set_option(handle, option, isOn ? 1 : 0)
  }

  /// Treats the file's schema as a stranger's: no functions or virtual tables with side effects in it,
  /// no writing to SQLite's own tables.
  package func distrustSchema() {
    setOption(SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)
    setOption(SQLITE_DBCONFIG_DEFENSIVE, true)
  }

  /// Whether the database was opened for reading alone.
  package var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

  /// What a statement is about to do, as far as a guard wants to know.
  package enum Action: Hashable, Sendable {
    /// Reads tables.
    case read
    /// Calls the SQL function of this name.
    case function(String)
    /// Reads or changes the setting of this name.
    case pragma(String)
    /// Makes the columns of a table-valued function known.
    case declaration
    /// Anything else: it writes, attaches files, begins transactions ….
    case other
  }

  /// Sees every action of a statement while it is compiled; answering `false` refuses it.
  ///
  /// - Parameter allows: `nil` takes the guard away
  package func authorize(_ allows: ((Action) -> Bool)?) {
    authorizer = allows
    sqlite3_set_authorizer(
      handle,
      allows == nil
        ? nil
        : { context, code, first, second, _, _ in
          guard let context else { return SQLITE_DENY }
          let connection = Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
          let action: Action =
            switch code {
            case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: .read
            case SQLITE_FUNCTION: .function(second.map { String(cString: $0) } ?? "")
            // A table-valued function, such as json_each, declares its columns by what looks like a change of
            // the schema; one that really is, SQLite refuses itself.
            case SQLITE_UPDATE where first.map { String(cString: $0) } == "sqlite_master":
              .declaration
            case SQLITE_PRAGMA: .pragma(first.map { String(cString: $0) } ?? "")
            default: .other
            }
          return connection.authorizer?(action) ?? true ? SQLITE_OK : SQLITE_DENY
        }, Unmanaged.passUnretained(self).toOpaque())
  }
  private var authorizer: ((Action) -> Bool)?

  /// Asks every few thousand steps of SQLite's machine whether to go on.
  package func whileRunning(_ proceeds: (() -> Bool)?) {
    progress = proceeds
    sqlite3_progress_handler(
      handle, proceeds == nil ? 0 : 4096,
      { context in
        guard let context else { return 0 }
        let connection = Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
        return connection.progress?() ?? true ? 0 : 1
      }, Unmanaged.passUnretained(self).toOpaque())
  }
  private var progress: (() -> Bool)?

  /// Copies the whole database, as it is now, into another file while others go on reading and writing.
  ///
  /// - Parameter progress: sees pages done and pages in all
  package func backUp(to destination: Connection, progress: (Int, Int) -> Void = { _, _ in }) throws
  {
    // Without a snapshot SQLite begins anew whenever another connection has written, which beside a
    // busy writer is for ever.
    try snapshot {
      _ = try row("SELECT count(*) FROM sqlite_schema") { $0.integer(0) }
      guard let backup = sqlite3_backup_init(destination.handle, "main", handle, "main") else {
        throw Self.error(of: destination.handle, sql: nil)
      }
      defer { sqlite3_backup_finish(backup) }
      while true {
        let status = sqlite3_backup_step(backup, 1024)
        let total = Int(sqlite3_backup_pagecount(backup))
        progress(total - Int(sqlite3_backup_remaining(backup)), total)
        switch status {
        case SQLITE_DONE: return
        case SQLITE_OK: continue
        case SQLITE_BUSY, SQLITE_LOCKED: sqlite3_sleep(5)
        default:
          throw SQLiteError(
            extendedCode: status, message: String(cString: sqlite3_errstr(status)), sql: nil)
        }
      }
    }
  }
}

/// A statement that waits for its next use.
private final class KeptStatement {
  let statement: Statement
  var isBusy = false

  init(_ statement: consuming Statement) { self.statement = statement }
}
