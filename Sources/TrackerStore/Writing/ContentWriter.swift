import TrackerSQLite

/// How a content is kept, in bytes.
struct ContentSizes: Sendable {
  /// A content up to this size is whole in its row.
  var whole = 64 << 20
  /// A larger one is in pieces of this size: a multiple of three, for the lines of Base64 in an export.
  var piece = 768 << 10
  /// So much of it is written in one transaction.
  var transaction = 16 << 20

  /// Those that are in use. Tests have smaller ones.
  @TaskLocal static var current = ContentSizes()
}

/// Writes one content into the store as it comes, within a transaction.
struct ContentWriter: ~Copyable {
  private let connection: Connection
  private let content: ReceivedContent
  private let row: SQLiteValue
  private var check: ContentCheck
  /// Of a content that is whole in its row.
  private var blob: Blob?
  /// Of one in pieces.
  private var pieces = PieceSet()

  /// - Parameter row: the number that its row gets; `nil` for the next
  init(
    _ content: ReceivedContent, row: Int64? = nil, sizes: ContentSizes = .current,
    on connection: Connection
  ) throws {
    self.connection = connection
    self.content = content
    check = ContentCheck(content)
    self.row = .integer(row)
    guard content.byteCount <= sizes.whole else { return }
    try connection.run(
      "INSERT INTO blob (id, sha256, content) VALUES (?, ?, zeroblob(?))",
      [self.row, .blob(content.sha256), .integer(Int64(content.byteCount))])
    blob = try connection.blob(
      table: "blob", column: "content", row: connection.lastInsertedRowID, writes: true)
  }

  /// Takes the next bytes.
  ///
  /// - Throws: ``ContentMismatch`` when there are more than was said; `SQLiteError`
  mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
    let offset = check.byteCount
    try check.take(bytes)
    if blob != nil {
      try blob?.write(bytes, at: offset)
    } else {
      try pieces.append(bytes, on: connection)
    }
  }

  /// Ends the content.
  ///
  /// - Returns: its row
  /// - Throws: ``ContentMismatch`` when it is not what was said; `SQLiteError`
  consuming func finish() throws -> Int64 {
    try check.finish()
    if blob == nil { try pieces.become(content, row: row, on: connection) }
    return connection.lastInsertedRowID
  }
}

/// Compares bytes, as they come, with what was said of them.
struct ContentCheck {
  private let content: ReceivedContent
  /// How many came.
  private(set) var byteCount = 0
  /// `nil` where their hash is known to be right.
  private var hash: RunningDigest?

  init(_ content: ReceivedContent) {
    self.content = content
    hash = content.isVerified ? nil : RunningDigest()
  }

  /// Takes the next bytes.
  ///
  /// - Throws: ``ContentMismatch`` when there are more than was said
  mutating func take(_ bytes: UnsafeRawBufferPointer) throws(ContentMismatch) {
    byteCount += bytes.count
    guard byteCount <= content.byteCount else { throw ContentMismatch() }
    hash?.update(bytes)
  }

  /// Ends the content.
  ///
  /// - Throws: ``ContentMismatch`` when it is not what was said
  mutating func finish() throws(ContentMismatch) {
    let isRight = (hash?.finish()).map { $0 == content.sha256 } ?? true
    guard byteCount == content.byteCount, isRight else { throw ContentMismatch() }
  }
}

/// A content is not what was said of it.
struct ContentMismatch: Error {}

/// The pieces of one content, which may be written in several transactions.
struct PieceSet {
  /// Nobody else writes pieces of this number, whatever becomes of the others.
  private let id = Int64.random(in: 1...StoredRange.ids.upperBound)
  private var count: Int64 = 0

  /// Adds a piece, or some where the bytes are more than one.
  mutating func append(_ bytes: UnsafeRawBufferPointer, on connection: Connection) throws {
    let size = ContentSizes.current.piece
    for start in stride(from: 0, to: bytes.count, by: size) {
      let piece = Array(bytes[start..<min(start + size, bytes.count)])
      try connection.run(
        "INSERT INTO blob_piece (piece_set, number, content, added_at) VALUES (?, ?, ?, ?)",
        [
          .integer(id), .integer(count), .blob(piece), .integer(Timestamp.now().milliseconds),
        ])
      count += 1
    }
  }

  /// Makes a content of them.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/busy`` when some were dropped meanwhile
  func become(_ content: ReceivedContent, row: SQLiteValue = .null, on connection: Connection)
    throws
  {
    let found = try connection.row(
      "SELECT count(*) FROM blob_piece WHERE piece_set = ?", [.integer(id)]
    ) { $0.integer(0) }
    guard found == count else {
      throw StoreError(
        .busy, "what came of a content was dropped meanwhile", advice: "Try again.")
    }
    try connection.run(
      "INSERT INTO blob (id, sha256, content, piece_set, byte_count) VALUES (?, ?, x'', ?, ?)",
      [row, .blob(content.sha256), .integer(id), .integer(Int64(content.byteCount))])
  }

  /// Drops them.
  func drop(on connection: Connection) throws {
    // SQLite as Debian builds it writes zeros over what is deleted. On a full disk there is no room for those.
    let isSecure = try connection.row("PRAGMA secure_delete") { $0.integer(0) } ?? 0
    try connection.execute("PRAGMA secure_delete = FAST")
    defer { try? connection.execute("PRAGMA secure_delete = \(isSecure)") }
    try connection.run("DELETE FROM blob_piece WHERE piece_set = ?", [.integer(id)])
  }

  // MARK: What never became a content

  /// After so long a content is not on its way any more, in milliseconds.
  private static let patience: Int64 = 86_400_000

  /// True of a row of `blob_piece` that no content has.
  private static let isUnfinished = """
    piece_set NOT IN (SELECT piece_set FROM blob WHERE piece_set IS NOT NULL)
    """

  /// True of a row of `blob_piece` that no content has and none will have.
  static func isBrokenOff(at now: Timestamp) -> String {
    "added_at < \(now.milliseconds - patience) AND \(isUnfinished)"
  }

  /// Drops what was broken off.
  static func dropBrokenOff(on connection: Connection) throws {
    try connection.run("DELETE FROM blob_piece WHERE \(isBrokenOff(at: .now()))")
  }

  /// Drops what no content has, also what is on its way.
  ///
  /// - Returns: how many contents there would have been
  static func dropUnfinished(on connection: Connection) throws -> Int {
    let count = try connection.row(
      "SELECT count(DISTINCT piece_set) FROM blob_piece WHERE \(isUnfinished)"
    ) { $0.count(0) }
    try connection.run("DELETE FROM blob_piece WHERE \(isUnfinished)")
    return count ?? 0
  }
}
