import TrackerSQLite
import TrackerSystem

/// What an import did.
package struct ImportReport: Sendable {
  /// The runs that were taken over: their number there, and the one they have here.
  package var imported: [Pair] = []
  /// The runs that were here already, recognised by their UUID: their number there and here.
  package var known: [Pair] = []
  /// The runs that people deleted here, which a sync does not bring back: their numbers there.
  package var removed: [Int64] = []
  /// How many values here gave way to newer ones from there; the view `replaced_values` keeps them.
  package var replacedCount = 0
  /// What came since to runs that were here already.
  package var additions: [(run: Pair, added: Addition)] = []

  /// What a run that was here already was given.
  package struct Addition: Hashable, Sendable {
    /// Points of metrics that are new, or took the place of older ones.
    package var points = 0
    /// Parameters, likewise.
    package var parameters = 0
    /// Tags that were set or removed.
    package var tags = 0
    /// The note, the name, the experiment, and whether it is archived.
    package var texts = 0
    /// Artifacts.
    package var artifacts = 0
    /// Gradient checks.
    package var checks = 0
    /// Alerts.
    package var alerts = 0
    /// How it ended, if that was not known here.
    package var status: String?
  }

  package init() {}

  /// A run's numbers in two stores.
  package struct Pair: Hashable, Sendable {
    /// The number in the store that was imported.
    package var there: Int64
    /// The number in this store.
    package var here: Int64
  }
}

extension Store {
  /// Takes over the runs of another store, of JSON lines or of a folder of CSV files.
  ///
  /// Runs get new numbers; those that are here already, which their UUID tells, are given what came since, and nothing
  /// that is newer here is replaced. All is taken over or nothing. What is imported is not trusted: it goes through a store of its own beside this one, with
  /// all of the schema's checks, and contents must have their hashes. The source is left as it is.
  ///
  /// - Parameter source: a store's file, a folder of ``exportCSV(runs:program:into:)``, a file of
  ///   ``exportJSONLines(runs:program:to:)``, or `-` for such lines on standard input
  /// - Throws: ``StoreError`` that names file and line
  package func importRuns(
    from source: String, program: String = "TrackerStore"
  ) throws -> ImportReport {
    guard !isSameFile(source, path) else {
      throw StoreError(.sameStore, "a store cannot be imported into itself")
    }
    if FileFacts.isStore(source) {
      return try merge(staged(storeAt: source, program: program), from: source)
    }
    guard Self.isExport(source) != false else {
      throw StoreError(
        .notAnExport, "importing \(source): it is neither a store nor an export of tracker's")
    }
    return try merge(source) { staging in
      let loader = StagingLoader(
        connection: try Connection(path: staging.path, mode: .readWrite), path: staging.path,
        program: program)
      try Self.prepare(loader.connection)
      try loader.load { take in
        if isFolder(source) {
          try CSVFolderReader(folder: source).read(take)
        } else {
          try InputFile.lines(source) { line in try JSONLinesReader.item(line, take) }
        }
      }
    }
  }

  /// Whether a file begins as ``exportJSONLines(runs:program:to:)`` does; `nil` for what is no regular file, or cannot be read.
  package static func isExport(_ path: String) -> Bool? {
    guard let file = try? FileDescriptor(readingRegularFile: path) else { return nil }
    var start = [UInt8](repeating: 0, count: 1024)
    guard let count = try? start.withUnsafeMutableBytes({ try file.read(into: $0) }) else {
      return nil
    }
    // A first line that was cut off, or was written anew with spaces, is one as well.
    return start.prefix(count).lazy.filter { $0 != UInt8(ascii: " ") }
      .starts(with: "{\"tracker\":\"export\"".utf8)
  }

  /// Takes over the runs that `fill` puts into a staging store.
  ///
  /// - Parameter source: what they come from, for messages
  /// - Throws: ``StoreError``, or what `fill` throws; then nothing was taken over
  package func importRuns(
    named source: String, program: String, _ fill: (StagingStore) throws -> Void
  ) throws -> ImportReport {
    try merge(source) { staging in
      let connection = try Connection(path: staging.path, mode: .readWrite)
      try Self.prepare(connection)
      try Migrator(connection: connection, path: staging.path).migrate(
        now: .now(), program: program, keepsCopy: false)
      try connection.transaction { try fill(StagingStore(connection: connection)) }
    }
  }

  /// Lets `make` fill a store beside this one, and takes over what is in it.
  private func merge(
    _ source: String, _ make: (WorkingFile) throws -> Void
  ) throws -> ImportReport {
    try merge(staged(source, make), from: source)
  }

  /// A copy of a store beside this one, with the newest schema and nothing wrong with it. It needs no lock of this one's, so
  /// that several can be made at once.
  func staged(storeAt source: String, program: String) throws -> WorkingFile {
    try staged(source) { staging in
      _ = try Store.schemaVersion(ofFileAt: source)
      try StoreCopy(of: source).write(into: staging)
      let copy = try Connection(path: staging.path, mode: .readWrite)
      try Self.prepare(copy)
      try Migrator(connection: copy, path: staging.path).migrate(
        now: .now(), program: program, keepsCopy: false)
    }
  }

  private func staged(
    _ source: String, _ make: (WorkingFile) throws -> Void
  ) throws -> WorkingFile {
    try explained(source) {
      let staging = try WorkingFile(beside: "\(path).import")
      try make(staging)
      try Self.requireSound(staging.path, from: source)
      return staging
    }
  }

  /// Takes over what is in a store that was made ready.
  func merge(
    _ staging: WorkingFile, from source: String, keepsRemoved: Bool = false
  ) throws -> ImportReport {
    try explained(source) {
      try write("importing into") { connection in
        try connection.run("ATTACH ? AS incoming", [.text(staging.path)])
        defer { try? connection.execute("DETACH incoming") }
        return try connection.transaction {
          try StoreMerge(
            connection: connection, source: source, moment: .now(), keepsRemoved: keepsRemoved
          ).merge()
        }
      }
    }
  }

  private func explained<R>(_ source: String, _ body: () throws -> R) throws -> R {
    do { return try body() } catch let error as ImportSyntaxError {
      throw StoreError(.malformed, "importing \(source): \(error.message)")
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

  /// What is taken over `doctor` has nothing to say against.
  private static func requireSound(_ staging: String, from source: String) throws {
    let connection = try Connection(path: staging, mode: .readOnly)
    // What nothing refers to is left behind.
    for check in try checks(connection) where check.name != "orphans" {
      guard let problem = check.problems.first else { continue }
      throw StoreError(
        .malformed, "importing \(source): \(check.name): \(problem)")
    }
  }
}
