import TrackerSQLite

/// Whom an artifact belongs to.
package enum ArtifactOwner: Hashable, Sendable {
  case run(Int64)
  case model(Int64)

  fileprivate var table: String {
    switch self {
    case .run: "artifact"
    case .model: "logged_model_artifact"
    }
  }

  fileprivate var column: String {
    switch self {
    case .run: "run_id"
    case .model: "model_id"
    }
  }

  fileprivate var id: Int64 {
    switch self {
    case .run(let id), .model(let id): id
    }
  }
}

/// What is said of a content before its bytes are kept.
package struct ReceivedContent: Sendable {
  package var sha256: [UInt8]
  package var byteCount: Int
  /// Whether this process hashed the bytes itself, and has held them since where nobody else can change them: in memory, or in a
  /// file without a name. Such bytes are not hashed again.
  package var isVerified: Bool

  package init(sha256: [UInt8], byteCount: Int, isVerified: Bool = false) {
    self.sha256 = sha256
    self.byteCount = byteCount
    self.isVerified = isVerified
  }
}

extension Store {
  /// The names and sizes of what a run or a model has, by name.
  ///
  /// - Parameter folder: those below this folder alone; empty for all
  /// - Throws: ``StoreError``
  package func artifactNames(
    of owner: ArtifactOwner, below folder: String = ""
  ) throws -> [(name: String, byteCount: Int)] {
    try read("reading artifacts in") { connection in
      // What begins with `folder/` lies before `folder0`: a slash is the byte before a nought.
      try connection.rows(
        """
        SELECT name, \(StoredContent.byteCount) FROM \(owner.table) JOIN blob ON blob.id = blob_id
        WHERE \(owner.column) = ?1 AND (?2 = '' OR (name > ?2 || '/' AND name < ?2 || '0'))
        ORDER BY name
        """, [.integer(owner.id), .text(folder)]
      ) { ($0.text(0), Int($0.integer(1))) }
    }
  }

  /// Keeps a content that was received; what had the name before is replaced.
  ///
  /// - Parameter source: its bytes, from the start
  /// - Throws: ``StoreError``
  package func keepArtifact(
    _ name: String, of owner: ArtifactOwner, _ content: ReceivedContent,
    at time: Timestamp = .now(), reading source: @escaping ByteSource
  ) throws {
    try keep(content, reading: { source }) { blob, connection in
      switch owner {
      case .run(let run):
        try ArtifactRows.insert(
          run: run, name: name, kind: "file", blob: blob, at: time, on: connection)
      case .model(let model):
        let replaced = try connection.row(
          "SELECT blob_id FROM logged_model_artifact WHERE model_id = ? AND name = ?",
          [.integer(model), .text(name)]
        ) { $0.integer(0) }
        try connection.run(
          """
          INSERT INTO logged_model_artifact (model_id, name, blob_id, created_at) VALUES (?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET blob_id = excluded.blob_id, created_at = excluded.created_at
          """,
          [.integer(model), .text(name), .integer(blob), .integer(time.milliseconds)])
        if let replaced, replaced != blob { try BlobRows.dropUnused(replaced, on: connection) }
      }
    }
  }

  /// How many bytes an artifact has; `nil` where there is none of this name.
  ///
  /// - Throws: ``StoreError``
  package func artifactSize(_ name: String, of owner: ArtifactOwner) throws -> Int? {
    try read("reading an artifact in") { connection in
      try connection.row(
        """
        SELECT \(StoredContent.byteCount) FROM \(owner.table) JOIN blob ON blob.id = blob_id
        WHERE \(owner.column) = ? AND name = ?
        """, [.integer(owner.id), .text(name)]
      ) { Int($0.integer(0)) }
    }
  }

  /// Hands on an artifact's content piece by piece.
  ///
  /// Of a content in pieces each is read by itself, so that others read and write meanwhile.
  ///
  /// - Throws: ``ClientRefusal/noArtifact(_:)``; ``StoreError``, after the last piece with
  ///   ``StoreError/Reason/corrupt`` when the content is not what was kept, and with
  ///   ``StoreError/Reason/changed`` when it was replaced meanwhile; what `handle` throws
  package func readArtifact(
    _ name: String, of owner: ArtifactOwner, _ handle: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let action = "reading an artifact in"
    var hash = RunningDigest()
    func take(_ piece: UnsafeRawBufferPointer) throws {
      hash.update(piece)
      try handle(piece)
    }
    func find(_ connection: Connection) throws -> StoredContent? {
      try connection.row(
        """
        SELECT \(StoredContent.columns) FROM \(owner.table) JOIN blob ON blob.id = blob_id
        WHERE \(owner.column) = ? AND name = ?
        """, [.integer(owner.id), .text(name)], StoredContent.init)
    }
    let found = try read(action) { connection in
      guard let content = try find(connection) else { throw ClientRefusal.noArtifact(name) }
      if content.pieceSet == nil { try content.forEachPiece(on: connection, take) }
      return content
    }
    if let pieceSet = found.pieceSet {
      var number = 0
      while try read(
        action, { try StoredContent.lendPiece(number, of: pieceSet, on: $0, take) })
      {
        number += 1
      }
    }
    guard hash.finish() != found.sha256 else { return }
    guard try read(action, find)?.sha256 == found.sha256 else {
      throw StoreError(.changed, "reading \(name) in \(path): it was replaced meanwhile")
    }
    throw StoreError(.corrupt, "reading \(name) in \(path): the content is not what was kept")
  }

  /// Takes an artifact away, or all below a folder.
  ///
  /// - Returns: how many
  /// - Throws: ``StoreError``
  @discardableResult
  package func removeArtifacts(_ name: String, of owner: ArtifactOwner) throws -> Int {
    try write("removing an artifact in") { connection in
      try connection.transaction {
        try connection.run(
          """
          DELETE FROM \(owner.table)
          WHERE \(owner.column) = ?1 AND (name = ?2 OR ?2 = '' OR (name > ?2 || '/' AND name < ?2 || '0'))
          """, [.integer(owner.id), .text(name)])
        let count = connection.changeCount
        if count > 0 { try BlobRows.dropUnused(on: connection) }
        return count
      }
    }
  }
}
