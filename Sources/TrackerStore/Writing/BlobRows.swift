import TrackerSQLite

/// Contents by their SHA-256.
enum BlobRows {
  /// Keeps `data`, unless it is there already.
  static func insert(
    _ data: [UInt8], on connection: Connection
  ) throws -> (id: Int64, sha256: String) {
    let digest = data.withUnsafeBytes { Digest.sha256($0) }
    let name = Digest.hexadecimal(digest)
    if let found = try id(of: digest, on: connection) { return (found, name) }
    try connection.run(
      "INSERT INTO blob (sha256, content) VALUES (?, ?)", [.blob(digest), .blob(data)])
    return (connection.lastInsertedRowID, name)
  }

  /// The row of the content with this hash; `nil` where there is none.
  static func id(of sha256: [UInt8], on connection: Connection) throws -> Int64? {
    try connection.row("SELECT id FROM blob WHERE sha256 = ?", [.blob(sha256)]) { $0.integer(0) }
  }

  /// Drops a content that nothing refers to any more.
  static func dropUnused(_ id: Int64, on connection: Connection) throws {
    try connection.run(
      "DELETE FROM blob_piece WHERE piece_set = (SELECT piece_set FROM blob WHERE id = ? AND \(isUnused))",
      [.integer(id)])
    try connection.run("DELETE FROM blob WHERE id = ? AND \(isUnused)", [.integer(id)])
  }

  /// Drops all contents that nothing refers to.
  ///
  /// - Returns: how many
  @discardableResult
  static func dropUnused(on connection: Connection) throws -> Int {
    try connection.run(
      """
      DELETE FROM blob_piece WHERE piece_set IN (
        SELECT piece_set FROM blob WHERE piece_set IS NOT NULL AND \(isUnused))
      """)
    try connection.run("DELETE FROM blob WHERE \(isUnused)")
    return connection.changeCount
  }

  /// True of a row of `blob` that nothing refers to.
  static let isUnused = """
    NOT EXISTS (SELECT 1 FROM artifact WHERE blob_id = blob.id)
    AND NOT EXISTS (SELECT 1 FROM logged_model_artifact WHERE blob_id = blob.id)
    AND NOT EXISTS (SELECT 1 FROM gradient_check WHERE analytic_blob_id = blob.id)
    AND NOT EXISTS (SELECT 1 FROM gradient_check WHERE numerical_blob_id = blob.id)
    AND NOT EXISTS (SELECT 1 FROM gradient_check WHERE parameters_blob_id = blob.id)
    AND NOT EXISTS (SELECT 1 FROM gradient_check WHERE second_numerical_blob_id = blob.id)
    AND NOT EXISTS (SELECT 1 FROM replaced_value WHERE blob_id = blob.id)
    """

  /// Keeps a vector as little-endian float64.
  static func insert(_ vector: [Double], on connection: Connection) throws -> Int64 {
    try insert(Float64Vector.bytes(of: vector), on: connection).id
  }
}

/// Vectors as bytes: float64, little-endian, one after the other.
package enum Float64Vector {
  /// The bytes of a vector.
  package static func bytes(of vector: [Double]) -> [UInt8] {
    vector.map(\.bitPattern.littleEndian).withUnsafeBytes { Array($0) }
  }

  /// The vector of these bytes; bytes beyond a multiple of eight are dropped.
  package static func vector(of bytes: UnsafeRawBufferPointer) -> [Double] {
    (0..<bytes.count / 8).map { index in
      let pattern = bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
      return Double(bitPattern: UInt64(littleEndian: pattern))
    }
  }
}
