import TrackerSQLite

/// Bytes that a run keeps under a name.
public struct ArtifactRecord: Hashable, Sendable {
  /// The name, such as `parameters/final`.
  public var name: String
  /// What it is: `parameters`, `state`, `file`, ….
  public var kind: String
  /// The content's SHA-256, in lower-case hexadecimal.
  public var sha256: String
  /// Bytes.
  public var byteCount: Int
  /// When it was kept.
  public var createdAt: Timestamp
}

extension Store {
  /// A run's artifacts, by name.
  ///
  /// - Throws: ``StoreError``
  public func artifacts(run id: Int64) throws -> [ArtifactRecord] {
    try read("reading artifacts in") { connection in
      try connection.rows(
        """
        SELECT artifact.name, artifact.kind, blob.sha256, \(StoredContent.byteCount), artifact.created_at
        FROM artifact JOIN blob ON blob.id = artifact.blob_id
        WHERE artifact.run_id = ? ORDER BY artifact.name
        """, [.integer(id)]
      ) { row in
        ArtifactRecord(
          name: row.text(0), kind: row.text(1),
          sha256: Digest.hexadecimal(row.withBytes(2) { Array($0) }),
          byteCount: Int(row.integer(3)),
          createdAt: row.moment(4))
      }
    }
  }

  /// An artifact's content.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/noSuchArtifact(run:)``, and with ``StoreError/Reason/tooLarge``
  ///   above 1 GB
  public func artifact(run id: Int64, name: String) throws -> [UInt8] {
    let content = try read("reading an artifact in") { connection in
      try connection.row(
        """
        SELECT \(StoredContent.columns) FROM artifact JOIN blob ON blob.id = artifact.blob_id
        WHERE artifact.run_id = ? AND artifact.name = ?
        """, [.integer(id), .text(name)], StoredContent.init
      )?.bytes(on: connection)
    }
    guard let content else { throw noSuchArtifact(name, run: id) }
    return content
  }
}
