import CTrackerSQLite

/// A content that is read or written piece by piece, so that it is never in memory as a whole.
package struct Blob: ~Copyable {
  private let handle: OpaquePointer
  private let connection: OpaquePointer

  init(
    _ connection: OpaquePointer, database: String, table: String, column: String, row: Int64,
    writes: Bool
  ) throws(SQLiteError) {
    var handle: OpaquePointer?
    guard
      sqlite3_blob_open(connection, database, table, column, row, writes ? 1 : 0, &handle)
        == SQLITE_OK, let handle
    else { throw Connection.error(of: connection, sql: nil) }
    self.handle = handle
    self.connection = connection
  }

  deinit { sqlite3_blob_close(handle) }

  /// Bytes.
  package var count: Int { Int(sqlite3_blob_bytes(handle)) }

  /// Fills `buffer` with the bytes from `offset` on.
  package borrowing func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SQLiteError) {
    guard
      sqlite3_blob_read(handle, buffer.baseAddress, Int32(buffer.count), Int32(offset)) == SQLITE_OK
    else { throw Connection.error(of: connection, sql: nil) }
  }

  /// Puts `buffer` in the place of the bytes from `offset` on; the size stays.
  package borrowing func write(
    _ buffer: UnsafeRawBufferPointer, at offset: Int
  ) throws(SQLiteError) {
    guard
      sqlite3_blob_write(handle, buffer.baseAddress, Int32(buffer.count), Int32(offset))
        == SQLITE_OK
    else { throw Connection.error(of: connection, sql: nil) }
  }
}
