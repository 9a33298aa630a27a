import TrackerSQLite

/// A content that is in the store: whole in its row, or in pieces.
struct StoredContent {
  let id: Int64
  let sha256: [UInt8]
  let byteCount: Int
  /// Of a content in pieces.
  let pieceSet: Int64?

  /// How many bytes a row of `blob` stands for.
  static let byteCount = "coalesce(blob.byte_count, length(blob.content))"
  /// The columns that ``init(_:)`` reads.
  static let columns = "blob.id, blob.sha256, \(byteCount), blob.piece_set"

  /// - Parameter row: that of ``columns``, and maybe more
  init(_ row: borrowing Statement) {
    id = row.integer(0)
    sha256 = row.withBytes(1) { Array($0) }
    byteCount = Int(row.integer(2))
    pieceSet = row.optionalInteger(3)
  }

  /// The content of this row; `nil` where there is none.
  init?(row: Int64, on connection: Connection) throws {
    let found = try connection.row(
      "SELECT \(Self.columns) FROM blob WHERE id = ?", [.integer(row)], StoredContent.init)
    guard let found else { return nil }
    self = found
  }

  /// Lends its bytes in order, at most 768 KiB at once.
  ///
  /// - Parameter database: the one that it is in
  func forEachPiece(
    on connection: Connection, in database: String = "main",
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard let pieceSet else {
      let blob = try connection.blob(
        database: database, table: "blob", column: "content", row: id, writes: false)
      return try blob.forEachPiece(body)
    }
    var number = 0
    while try Self.lendPiece(number, of: pieceSet, on: connection, in: database, body) {
      number += 1
    }
  }

  /// Lends one piece.
  ///
  /// - Returns: whether there is one of this number
  static func lendPiece(
    _ number: Int, of pieceSet: Int64, on connection: Connection, in database: String = "main",
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> Bool {
    try connection.row(
      "SELECT content FROM \(database).blob_piece WHERE piece_set = ? AND number = ?",
      [.integer(pieceSet), .integer(Int64(number))]
    ) { row in
      try row.withBytes(0, body)
      return true
    } ?? false
  }

  /// All of it.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/tooLarge`` for what does not belong into memory
  func bytes(on connection: Connection) throws -> [UInt8] {
    guard byteCount <= Self.memoryLimit else {
      throw StoreError(
        .tooLarge,
        "the content has \(byteCount) bytes, and at most \(Self.memoryLimit) are read into memory as a whole"
      )
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    try forEachPiece(on: connection) { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// The largest content that is read into memory as a whole, in bytes.
  static let memoryLimit = 1_000_000_000
}
