import Synchronization
import TrackerSQLite
import TrackerSystem

/// A store of runs: one SQLite file.
///
/// Opening makes the file if there is none, and brings an older schema to the newest. Runs are written
/// by one connection, one transaction at a time; reading has a connection of its own and is never in
/// the way of writing. Several processes may use one store at once.
public final class Store: Sendable {
  /// The file.
  public let path: String
  /// Whether nothing can be written: the file or its folder does not allow it.
  public var isReadOnly: Bool { writing == nil }
  // Properties go in their order: the writer goes last, and takes the write-ahead log away with it,
  // which a connection that only reads cannot.
  /// `nil` as long as a store that is looked at reads by its writing connection.
  private let reading: Mutex<SerializedConnection?>
  private let writing: SerializedConnection?
  /// The file itself, where ``path`` is a link.
  let file: String
  /// Those beside the store since it was opened.
  private let sideFiles: SideFiles
  private let stamp: FileStamp?
  /// That of this process, for the runs that it starts.
  private let signOfLife: SignOfLife

  /// What survives what.
  public enum Durability: String, Sendable, CaseIterable {
    /// All that was acknowledged survives the end of the process, however it comes; a loss of power may
    /// take the last moments, and never the consistency of the file (`synchronous = NORMAL`).
    case normal
    /// All that was acknowledged survives a loss of power too (`synchronous = FULL`): each commit waits
    /// for the disk.
    case full
  }

  /// How a store is opened.
  public enum Access: Sendable {
    /// For reading and writing; the file is made if there is none.
    case create
    /// For reading, and writing where that is allowed; there must be a file.
    case existing
    /// As ``existing``, by one who looks and then goes, and hardly ever writes: one connection serves for both until
    /// something is written. What is done while something is read may not write.
    case looking
    /// For reading alone; there must be a file of the newest schema. Such a store may be kept open for as long as one
    /// likes: it is in nobody's way, and leaves the file as it is even when another has taken its place.
    case reading
  }

  /// How long to wait for other processes, in milliseconds.
  static let busyTimeout: Int32 = 15_000

  /// Opens the store at `path`.
  ///
  /// - Throws: ``StoreError``; the file is then as it was
  ///
  /// - Parameter onMigration: sees how the schema of an older store is brought up to date, which takes a
  ///   while for a large one
  public init(
    path: String, access: Access = .create, durability: Durability = .normal,
    program: String = "TrackerStore", onMigration: (MigrationProgress) -> Void = { _ in }
  ) throws {
    self.path = path
    do {
      try Self.checkPath(path, access: access)
      let writer =
        access == .reading
        ? nil
        : try Self.openForWriting(
          path, access: access, durability: durability, program: program,
          onMigration: onMigration)
      let reader =
        access == .looking && writer != nil ? nil : try Self.openForReading(path)
      stamp = reader.flatMap { FileStamp($0, path) }
      reading = Mutex(reader.map(SerializedConnection.init))
      writing = writer.map(SerializedConnection.init)
      file = resolvedPath(path)
      sideFiles = SideFiles(of: file)
      sideFiles.share()
      signOfLife = SignOfLife(storePath: file)
    } catch let error as SQLiteError {
      throw StoreError(error, while: "opening", path: path)
    }
  }

  /// SQLite folds the log into the file when the last connection closes, if that one may write.
  deinit {
    signOfLife.end {
      (try? read("reading") {
        try $0.row(
          """
          SELECT 1 FROM run WHERE status = 'running' AND sign_of_life IS NOT NULL
          UNION SELECT 1 FROM sweep WHERE status = 'running' AND sign_of_life IS NOT NULL
          """
        ) { _ in true } == nil
      }) ?? false
    }
    let reader = reading.withLock { $0 }
    let hasMoved = (writing ?? reader)?.use(\.hasMoved) ?? false
    reader?.close()
    // SQLite leaves the log of a file that was moved where it is: in the way of the one that has its name.
    if hasMoved, exists(path) { sideFiles.putAside() }
  }

  private static func checkPath(_ path: String, access: Access) throws {
    var information = stat()
    guard stat(path, &information) == 0 else {
      let missing = errno == ENOENT
      // A link that leads nowhere would make SQLite create a file where the link says.
      if lstat(path, &information) == 0 {
        throw StoreError(
          .cannotOpen, "opening \(path): it is a link to a file that is not there",
          advice: "Remove the link, or name the file itself.")
      }
      if missing, access != .create {
        throw StoreError(.noStore, "there is no store at \(path)")
      }
      guard missing else {
        throw StoreError(
          .cannotOpen, "opening \(path): \(String(cString: strerror(errno)))",
          advice: "Check the path and the folder's permissions.")
      }
      return
    }
    guard information.st_mode & S_IFMT == S_IFREG else {
      throw StoreError(.notAStore, "opening \(path): this is not a file")
    }
    // While a store is made its first page is there before its log, for a moment.
    let file = resolvedPath(path)
    var patience = 50
    while FileFacts.lacksItsLog(file) {
      patience -= 1
      usleep(10_000)
      guard patience > (SideFiles.isOpen(file) ? -1000 : 0) else {
        throw StoreError(
          .copiedWithoutLog,
          "opening \(path): it was copied while it was in use, and its records are in the log (-wal) of the store "
            + "that it was copied from")
      }
    }
    guard !SideFiles.areForeign(at: file) else {
      throw StoreError(
        .busy,
        "opening \(path): a program that goes on has its log beside it, and works on another file that had "
          + "this name",
        advice: "Wait for that program's end, or move this file to another name.")
    }
  }

  /// The writing connection, or `nil` where there is a store that may only be read.
  private static func openForWriting(
    _ path: String, access: Access, durability: Durability, program: String,
    onMigration: (MigrationProgress) -> Void
  ) throws -> Connection? {
    do {
      // SQLite would let nobody but the owner write it, whatever the process' mask says. What hinders us, it will say.
      if access == .create { try? FileDescriptor(creating: path).close() }
      let writer = try Connection(path: path, mode: .readWrite)
      if writer.isReadOnly {
        throw SQLiteError(
          extendedCode: SQLiteError.readOnly, message: "the file may not be written", sql: nil)
      }
      writer.setBusyTimeout(milliseconds: busyTimeout)
      writer.distrustSchema()
      let migrator = Migrator(connection: writer, path: path)
      // Look before anything is changed: the file may be somebody else's.
      _ = try migrator.soundVersion()
      try switchToWriteAheadLog(writer)
      try writer.execute("PRAGMA synchronous = \(durability == .full ? "FULL" : "NORMAL")")
      try migrator.migrate(now: .now(), program: program, progress: onMigration)
      // A run that is deleted takes its rows along. Not before: a migration may remake a table.
      try writer.execute("PRAGMA foreign_keys = ON")
      return writer
    } catch let error as SQLiteError {
      // The file or its folder may not be written, so that no log can be put beside it.
      let denied = error.code == SQLiteError.readOnly || error.code == SQLiteError.cannotOpen
      guard denied, access == .existing || access == .looking else { throw error }
      return nil
    }
  }

  /// A write-ahead log lets readers read while a run is written, and makes a commit one append.
  ///
  /// SQLite does not wait for other processes while it switches: when several make one store at once,
  /// all but one have to try again.
  private static func switchToWriteAheadLog(_ connection: Connection) throws {
    let deadline = ContinuousClock.now + .milliseconds(Int64(busyTimeout))
    while true {
      do {
        _ = try connection.row("PRAGMA journal_mode = WAL") { $0.text(0) }
        return
      } catch let error as SQLiteError where error.code == SQLiteError.busy {
        guard ContinuousClock.now < deadline else { throw error }
        usleep(useconds_t.random(in: 1000...10_000))
      }
    }
  }

  private static func openForReading(_ path: String) throws -> Connection {
    let connection = try readingConnection(path)
    connection.distrustSchema()
    let version = try Migrator(connection: connection, path: path).soundVersion()
    guard version == Migrator.newestVersion else {
      throw StoreError(
        .olderSchema(found: version, supported: Migrator.newestVersion),
        "opening \(path): its schema is version \(version), and it may not be written to bring it to "
          + "version \(Migrator.newestVersion)")
    }
    return connection
  }

  /// A connection that reads, also where SQLite cannot put its shared memory beside the file.
  static func readingConnection(_ path: String) throws -> Connection {
    let path = resolvedPath(path)
    do {
      // What we made beside a file that is another user's would shut that user out.
      guard access(path, W_OK) == 0 else { return try visitingConnection(path) }
      let connection = try Connection(path: path, mode: .readOnly)
      connection.setBusyTimeout(milliseconds: busyTimeout)
      _ = try connection.row("SELECT count(*) FROM sqlite_schema") { $0.integer(0) }
      return connection
    } catch let error as SQLiteError {
      let denied = error.code == SQLiteError.readOnly || error.code == SQLiteError.cannotOpen
      guard denied else { throw error }
      // Where nothing can be written there is nobody who writes. But SQLite cannot read a log without
      // writing beside it, and without the log the newest records would silently be missing.
      guard FileFacts.byteCount("\(path)-wal") == 0 else {
        throw StoreError(
          .cannotOpen,
          "opening \(path): its newest records are in \(path)-wal, which cannot be read where nothing "
            + "may be written",
          advice: "Copy both files to a folder where you may write, and open the copy.")
      }
      return try Connection(path: path, mode: .immutable)
    }
  }

  /// A connection that reads what we may not write, and makes no file.
  private static func visitingConnection(_ path: String) throws -> Connection {
    guard exists("\(path)-wal"), exists("\(path)-shm") else {
      throw SQLiteError(
        extendedCode: SQLiteError.cannotOpen, message: "nothing is made beside it", sql: nil)
    }
    let connection = try Connection(path: path, mode: .visitor)
    connection.setBusyTimeout(milliseconds: busyTimeout)
    _ = try connection.row("SELECT count(*) FROM sqlite_schema") { $0.integer(0) }
    return connection
  }

  // MARK: Use

  /// Lends the writing connection, and says what was being done when SQLite refuses.
  ///
  /// - Parameter patience: how long to wait for other processes, in milliseconds
  func write<R>(
    _ action: String, patience: Int32 = busyTimeout, _ body: (Connection) throws -> R
  ) throws -> R {
    guard let writing else {
      throw StoreError(.readOnly, "\(action) \(path): it may not be written")
    }
    try openReader()
    return try writing.use { connection in
      do {
        try connection.requirePlace()
        connection.setBusyTimeout(milliseconds: patience)
        return try body(connection)
      } catch let error as SQLiteError {
        if error.extendedCode == SQLiteError.moved {
          connection.keepLogAtClose()
          if exists(path) { sideFiles.putAside() }
        }
        throw StoreError(error, while: action, path: path)
      }
    }
  }

  /// Makes sure that the store still is where it was opened.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/moved``
  func requirePlace() throws { try write("recording in") { _ in } }

  /// The same file once more, for another thread to read at the same time; `nil` where it cannot be opened again, or another
  /// file has taken its place.
  package var anotherReader: Store? {
    let connection = reading.withLock { $0 } ?? writing
    guard let other = try? Store(path: path, access: .reading),
      connection?.use(\.hasMoved) == false
    else { return nil }
    return other
  }

  /// Lends the reading connection: all that `body` reads is of one moment.
  func read<R>(_ action: String, _ body: (Connection) throws -> R) throws -> R {
    guard let connection = reading.withLock({ $0 }) ?? writing else {
      preconditionFailure("a store has a connection")
    }
    return try connection.use { connection in
      do {
        let result = try connection.snapshot { try body(connection) }
        try stamp?.requireUnchanged()
        return result
      } catch let error as SQLiteError {
        throw StoreError(error, while: action, path: path)
      }
    }
  }

  /// The sign of life of a run that a process makes; `nil` if that is not this one.
  func signOfLife(of process: ProcessIdentity) -> SQLiteValue {
    .text(process.pid == getpid() ? signOfLife.name() : nil)
  }

  /// Lends the reading connection itself, for what stays with it.
  func changeReading(_ body: (Connection) throws -> Void) throws { try openReader().use(body) }

  /// The connection that reads and nothing else.
  ///
  /// - Throws: ``StoreError``
  @discardableResult
  func openReader() throws -> SerializedConnection {
    try reading.withLock { reading in
      if let reading { return reading }
      do {
        let opened = SerializedConnection(try Self.openForReading(path))
        reading = opened
        return opened
      } catch let error as SQLiteError {
        throw StoreError(error, while: "opening", path: path)
      }
    }
  }

  /// The version of the schema.
  public func schemaVersion() throws -> Int {
    try read("reading") { Int(try $0.row("PRAGMA user_version") { $0.integer(0) } ?? 0) }
  }

  /// A number that changes whenever another connection has changed the store.
  ///
  /// - Throws: ``StoreError``
  package func changeNumber() throws -> Int64 {
    try read("reading") { try $0.row("PRAGMA data_version") { $0.integer(0) } ?? 0 }
  }

  /// The version of the schema of a store, which stays as it is.
  ///
  /// - Throws: ``StoreError`` when there is no file or it is not a store
  package static func schemaVersion(ofFileAt path: String) throws -> Int {
    try checkPath(path, access: .existing)
    do {
      let connection = try readingConnection(path)
      return try Migrator(connection: connection, path: path).soundVersion()
    } catch let error as SQLiteError { throw StoreError(error, while: "opening", path: path) }
  }

  /// The newest version of the schema, which every store has that is open for writing.
  package static var newestSchemaVersion: Int { Migrator.newestVersion }

  /// The migrations that the store has had.
  package func appliedMigrations() throws -> [AppliedMigration] {
    try read("reading") {
      try $0.rows("SELECT version, name, applied_at, program FROM migration ORDER BY version") {
        AppliedMigration(
          version: Int($0.integer(0)), name: $0.text(1),
          appliedAt: $0.moment(2), program: $0.text(3))
      }
    }
  }
}

/// A migration that a store has had.
package struct AppliedMigration: Hashable, Sendable {
  /// Its number.
  package var version: Int
  /// The file it came from.
  package var name: String
  /// When.
  package var appliedAt: Timestamp
  /// By what program.
  package var program: String
}
