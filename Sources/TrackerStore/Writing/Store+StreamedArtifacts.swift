import TrackerSQLite

/// A source of bytes: fills the buffer and says how many it gave; 0 at the end.
package typealias ByteSource = (UnsafeMutableRawBufferPointer) throws -> Int

extension Store {
  /// The largest content that one artifact can have, in bytes: SQLite's own limit.
  package static let artifactLimit = 1_000_000_000

  /// Keeps bytes under a name in a run, whether it goes on or has ended; what had the name before is
  /// replaced. The bytes are read twice, piece by piece, and never all in memory: once for their hash, by
  /// which equal contents are kept once, and once more if they are new.
  ///
  /// - Parameter open: begins to read from the start
  /// - Returns: the content's SHA-256, in lower-case hexadecimal
  /// - Throws: ``StoreError``; with ``StoreError/Reason/tooLarge`` above ``artifactLimit``, with
  ///   ``StoreError/Reason/changed`` when the second reading gave other bytes. Nothing is then kept.
  @discardableResult
  package func putArtifact(
    run id: Int64, name: String, kind: String = "file", at time: Timestamp = .now(),
    reading open: () throws -> ByteSource
  ) throws -> String {
    let (digest, count) = try Self.digest(of: open())
    return try write("keeping an artifact in") { connection in
      try connection.transaction {
        guard
          try connection.row("SELECT 1 FROM run WHERE id = ?", [.integer(id)], { _ in true })
            == true
        else {
          throw StoreError(.noSuchRun, "no run \(id) in \(path)")
        }
        let blob =
          try connection.row("SELECT id FROM blob WHERE sha256 = ?", [.blob(digest)]) {
            $0.integer(0)
          } ?? Self.insert(digest, count, reading: open(), on: connection)
        try ArtifactRows.insert(
          run: id, name: name, kind: kind, blob: blob, at: time, on: connection)
        return Digest.hexadecimal(digest)
      }
    }
  }

  private static let pieceSize = 1 << 20

  private static func digest(of source: ByteSource) throws -> (digest: [UInt8], count: Int) {
    var hash = RunningDigest()
    var count = 0
    try forEachPiece(of: source) { piece in
      hash.update(piece)
      count += piece.count
      guard count <= artifactLimit else {
        throw StoreError(
          .tooLarge, "an artifact has at most \(artifactLimit) bytes",
          advice: "Keep the file elsewhere, and its place in a note.")
      }
    }
    return (hash.finish(), count)
  }

  static func insert(
    _ digest: [UInt8], _ count: Int, reading source: ByteSource, on connection: Connection
  ) throws -> Int64 {
    try connection.run(
      "INSERT INTO blob (sha256, content) VALUES (?, zeroblob(?))",
      [.blob(digest), .integer(Int64(count))])
    let id = connection.lastInsertedRowID
    let blob = try connection.blob(table: "blob", column: "content", row: id, writes: true)
    var hash = RunningDigest()
    var offset = 0
    try forEachPiece(of: source) { piece in
      guard offset + piece.count <= count else { throw changed }
      try blob.write(piece, at: offset)
      hash.update(piece)
      offset += piece.count
    }
    guard offset == count, hash.finish() == digest else { throw changed }
    return id
  }

  private static var changed: StoreError {
    StoreError(
      .changed, "the file changed while it was read", advice: "Try again when it is complete.")
  }

  private static func forEachPiece(
    of source: ByteSource, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    try withUnsafeTemporaryAllocation(byteCount: pieceSize, alignment: 16) { buffer in
      while true {
        let count = try source(buffer)
        if count == 0 { return }
        try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
  }

  /// Hands on an artifact's content piece by piece, and sees to it that it has its hash.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/notFound``, or ``StoreError/Reason/corrupt`` after
  ///   the last piece when the content is not what was kept
  package func readArtifact(
    run id: Int64, name: String, _ handle: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    do { try readArtifact(name, of: .run(id), handle) } catch ClientRefusal.noArtifact {
      throw noSuchArtifact(name, run: id)
    }
  }

  func noSuchArtifact(_ name: String, run id: Int64) -> StoreError {
    StoreError(
      .noSuchArtifact(run: id), "run \(id) in \(path) has no artifact named \(name)")
  }
}

/// An artifact's row.
enum ArtifactRows {
  /// Gives a content a name in a run; a content that lost its last name is dropped.
  static func insert(
    run id: Int64, name: String, kind: String, blob: Int64, at time: Timestamp,
    on connection: Connection
  ) throws {
    let replaced = try connection.row(
      "SELECT blob_id FROM artifact WHERE run_id = ? AND name = ?", [.integer(id), .text(name)]
    ) { $0.integer(0) }
    try connection.run(
      """
      INSERT INTO artifact (run_id, name, kind, blob_id, created_at) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (run_id, name) DO UPDATE
        SET kind = excluded.kind, blob_id = excluded.blob_id, created_at = excluded.created_at
      """,
      [.integer(id), .text(name), .text(kind), .integer(blob), .integer(time.milliseconds)])
    if let replaced, replaced != blob { try BlobRows.dropUnused(replaced, on: connection) }
  }
}
