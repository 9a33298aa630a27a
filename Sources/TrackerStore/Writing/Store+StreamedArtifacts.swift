import TrackerSQLite
import TrackerSystem

/// A source of bytes: fills the buffer and says how many it gave; 0 at the end.
package typealias ByteSource = (UnsafeMutableRawBufferPointer) throws -> Int

extension Store {
  /// The largest content that one artifact can have, in bytes.
  package static let artifactLimit = 100_000_000_000

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
    let content = try Self.content(of: open())
    try keep(content, reading: open) { blob, connection in
      guard
        try connection.row("SELECT 1 FROM run WHERE id = ?", [.integer(id)], { _ in true }) == true
      else { throw StoreError(.noSuchRun, "no run \(id) in \(path)") }
      try ArtifactRows.insert(
        run: id, name: name, kind: kind, blob: blob, at: time, on: connection)
    }
    return Digest.hexadecimal(content.sha256)
  }

  private static func content(of source: ByteSource) throws -> ReceivedContent {
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
    return ReceivedContent(sha256: hash.finish(), byteCount: count)
  }

  /// Keeps a content, unless it is there already, and names it, in one transaction. The pieces of a large one are written
  /// before, in transactions of their own: others write in between, and the log stays small.
  ///
  /// - Parameter open: begins to read from the start; is asked once, if the content is new
  func keep(
    _ content: ReceivedContent, reading open: () throws -> ByteSource,
    naming name: (Int64, Connection) throws -> Void
  ) throws {
    let action = "keeping an artifact in"
    let isLarge = content.byteCount > ContentSizes.current.whole
    let isKnown = try isLarge && read(action) { try BlobRows.id(of: content.sha256, on: $0) } != nil
    var pieces: PieceSet?
    do {
      if isLarge, !isKnown {
        try requireRoom(for: content.byteCount, action)
        pieces = PieceSet()
        try fill(&pieces, with: content, from: open())
      }
      try write(action) { connection in
        try connection.transaction {
          if let known = try BlobRows.id(of: content.sha256, on: connection) {
            try pieces?.drop(on: connection)
            return try name(known, connection)
          }
          if let pieces {
            try pieces.become(content, on: connection)
          } else {
            var writer = try ContentWriter(content, on: connection)
            try Self.forEachPiece(of: open()) { try writer.append($0) }
            _ = try writer.finish()
          }
          try name(connection.lastInsertedRowID, connection)
        }
      }
    } catch {
      // Where even that fails, they are dropped a day later.
      if let pieces { try? write(action) { try pieces.drop(on: $0) } }
      throw error is ContentMismatch ? Self.changed : error
    }
  }

  private func fill(
    _ pieces: inout PieceSet?, with content: ReceivedContent, from source: ByteSource
  ) throws {
    var check = ContentCheck(content)
    var committed = -1
    while check.byteCount > committed {
      committed = check.byteCount
      try write("keeping an artifact in") { connection in
        try connection.transaction {
          if committed == 0 { try PieceSet.dropBrokenOff(on: connection) }
          try Self.forEachPiece(of: source, atMost: ContentSizes.current.transaction) { piece in
            try check.take(piece)
            try pieces?.append(piece, on: connection)
          }
        }
      }
    }
    try check.finish()
  }

  /// A disk that cannot take all of a content is not filled first.
  private func requireRoom(for byteCount: Int, _ action: String) throws {
    let unused = try read(action) {
      try $0.row(
        "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"
      ) { Int($0.integer(0)) }
    }
    guard let room = Folder.room(in: FileFacts.folder(of: file)) else { return }
    let needed = byteCount + byteCount / 64 + 2 * ContentSizes.current.transaction
    guard room < needed - (unused ?? 0) else { return }
    throw StoreError(
      .full, "\(action) \(path): it takes \(needed) bytes, and the disk has room for \(room)")
  }

  private static var changed: StoreError {
    StoreError(
      .changed, "the file changed while it was read", advice: "Try again when it is complete.")
  }

  /// Lends what a source gives, in pieces of one size but for the last.
  private static func forEachPiece(
    of source: ByteSource, atMost limit: Int = .max, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    try withUnsafeTemporaryAllocation(byteCount: ContentSizes.current.piece, alignment: 16) {
      buffer in
      var total = 0
      while total < limit {
        var filled = 0
        while filled < buffer.count {
          let count = try source(UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
          if count == 0 { break }
          filled += count
        }
        if filled == 0 { return }
        try body(UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
        total += filled
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
