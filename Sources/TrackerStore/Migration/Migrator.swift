import CTrackerEmbedded
import TrackerSQLite
import TrackerSystem

/// One step of the schema: a file of `Migrations/`.
struct Migration {
  let version: Int
  let name: String
  let sql: String

  /// Every step that this program knows, in order; the versions are 1, 2, 3 ….
  static let all: [Migration] = {
    var count = 0
    let files = tracker_embedded_migrations(&count)
    return UnsafeBufferPointer(start: files, count: count).enumerated().map { index, file in
      let bytes = UnsafeBufferPointer(start: file.bytes, count: file.count)
      return Migration(
        version: index + 1, name: String(cString: file.name),
        sql: String(decoding: bytes, as: UTF8.self))
    }
  }()
}

/// The version of a store's schema, and the way to the newest.
///
/// SQLite's `application_id` says that a file is a store of tracker's, and `user_version` which
/// migration it had last.
struct Migrator {
  /// `trkr` in ASCII.
  static let applicationID: Int64 = 0x7472_6B72
  static var newestVersion: Int { Migration.all.count }

  let connection: Connection
  let path: String

  /// The schema's version; 0 for an empty file.
  ///
  /// - Throws: ``StoreError`` when the file is somebody else's or newer than this program
  func checkedVersion() throws -> Int {
    // One statement sees one moment: between two, another process may make the store.
    let found = try connection.row(
      """
      SELECT (SELECT application_id FROM pragma_application_id),
        (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)
      """
    ) { (application: $0.integer(0), version: Int($0.integer(1)), tables: $0.integer(2)) }
    let (application, version, tables) = found ?? (0, 0, 0)
    if application == 0, version == 0, tables == 0 { return 0 }
    guard application == Self.applicationID else {
      throw StoreError(
        .notAStore, "opening \(path): this SQLite database is not a store of tracker's")
    }
    guard version <= Self.newestVersion else {
      throw StoreError(
        .newerSchema(found: version, supported: Self.newestVersion),
        "opening \(path): its schema is version \(version), and this program knows versions up to "
          + "\(Self.newestVersion)",
        advice: "Use a newer tracker; the store is left as it is.")
    }
    return version
  }

  /// The schema's version, of a store whose schema is that of its version.
  ///
  /// - Throws: as ``checkedVersion()``, and what ``SchemaCheck`` finds
  func soundVersion() throws -> Int {
    try connection.snapshot {
      let version = try checkedVersion()
      try SchemaCheck(connection: connection, path: path).require(version: version)
      return version
    }
  }

  /// Brings the schema to `target`, each step in one transaction with its record; before the first
  /// change a copy of an older store is put beside it, unless that is not wanted.
  ///
  /// Several processes may do this at once: each looks again once it holds the lock.
  ///
  /// - Throws: ``StoreError``, `SQLiteError`; the store is then as the last whole step left it
  func migrate(
    to target: Int = newestVersion, now: Timestamp, program: String, keepsCopy: Bool = true,
    progress: (MigrationProgress) -> Void = { _ in }
  ) throws {
    let found = try checkedVersion()
    for migration in Migration.all where migration.version > found && migration.version <= target {
      try connection.transaction {
        guard try checkedVersion() == migration.version - 1 else { return }
        // Within the lock: nobody writes between the copy and the change.
        if keepsCopy, found > 0, migration.version == found + 1 {
          let copy = unusedName("\(path).v\(found).backup")
          try StoreCopy(of: path).write(to: copy) { progress(.copying(done: $0, total: $1)) }
          progress(.copied(to: copy))
        }
        if found > 0 { progress(.applying(migration.name)) }
        try connection.execute(migration.sql)
        try connection.execute("PRAGMA application_id = \(Self.applicationID)")
        try connection.execute("PRAGMA user_version = \(migration.version)")
        try connection.run(
          "INSERT INTO migration (version, name, applied_at, program) VALUES (?, ?, ?, ?)",
          [
            .integer(Int64(migration.version)), .text(migration.name), .integer(now.milliseconds),
            .text(program),
          ])
      }
    }
  }
}

/// How far the way to a newer schema is.
public enum MigrationProgress: Hashable, Sendable {
  /// The older store is copied beside itself: so many of so many pages.
  case copying(done: Int, total: Int)
  /// The store as it was is in this file.
  case copied(to: String)
  /// This migration is applied.
  case applying(String)
}
