import CTrackerSQLite
import TrackerSystem

/// A prepared statement. It finalises itself when it goes out of scope.
///
/// Bind from 1, step, read columns from 0; `reset()` makes it ready for the next values.
package struct Statement: ~Copyable {
  private let handle: OpaquePointer
  private let connection: OpaquePointer

  init(_ sql: String, on connection: OpaquePointer, isKept: Bool) throws(SQLiteError) {
    var handle: OpaquePointer?
    var sql = sql
    let (status, isAlone) = sql.withUTF8 { text -> (Int32, Bool) in
      let bytes = UnsafeRawBufferPointer(text).bindMemory(to: CChar.self)
      var tail: UnsafePointer<CChar>?
      let status = sqlite3_prepare_v3(
        connection, bytes.baseAddress, Int32(clamping: bytes.count),
        isKept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0, &handle, &tail)
      guard status == SQLITE_OK, let tail, let start = bytes.baseAddress else {
        return (status, true)
      }
      let isAlone = Self.isBlank(
        UnsafeBufferPointer(start: tail, count: start + bytes.count - tail), on: connection)
      return (status, isAlone)
    }
    guard status == SQLITE_OK else { throw Connection.error(of: connection, sql: sql) }
    guard let handle else {
      throw SQLiteError(extendedCode: SQLITE_MISUSE, message: "there is no statement", sql: sql)
    }
    guard isAlone else {
      sqlite3_finalize(handle)
      throw SQLiteError(
        extendedCode: SQLITE_MISUSE, message: "there is more than one statement", sql: sql)
    }
    self.handle = handle
    self.connection = connection
  }

  deinit { sqlite3_finalize(handle) }

  /// Whether `text` holds nothing but blanks, semicolons and comments: SQLite makes no statement of it.
  private static func isBlank(
    _ text: UnsafeBufferPointer<CChar>, on connection: OpaquePointer
  ) -> Bool {
    var text = text[...]
    while let first = text.first {
      var handle: OpaquePointer?
      var tail: UnsafePointer<CChar>?
      let start = UnsafeBufferPointer(rebasing: text).baseAddress
      let status = sqlite3_prepare_v3(
        connection, start, Int32(clamping: text.count), 0, &handle, &tail)
      sqlite3_finalize(handle)
      guard status == SQLITE_OK, handle == nil, let tail, let start else { return false }
      // SQLite stops reading at a NUL.
      let read = tail - start
      if read == 0 || first == 0 { return true }
      text = text.dropFirst(read)
    }
    return true
  }

  /// The statement's text.
  package var sql: String { sqlite3_sql(handle).map { String(cString: $0) } ?? "" }

  /// Whether it changes nothing in the database.
  package var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }

  // MARK: Values in

  /// Binds a value to the parameter of this number, from 1.
  package func bind(_ value: SQLiteValue, at index: Int) throws(SQLiteError) {
    switch value {
    case .null: try check(sqlite3_bind_null(handle, Int32(index)))
    case .integer(let value): try bind(value, at: index)
    case .real(let value): try bind(value, at: index)
    case .text(let text): try bind(text, at: index)
    case .blob(let bytes):
      try check(
        bytes.withUnsafeBytes {
          tracker_bind_blob(handle, Int32(index), $0.baseAddress, Int32(clamping: $0.count))
        })
    }
  }

  /// The number of the parameter of this name, such as `:runs`; `nil` where the statement has none.
  package func parameterIndex(_ name: String) -> Int? {
    let index = sqlite3_bind_parameter_index(handle, name)
    return index > 0 ? Int(index) : nil
  }

  /// Binds an integer.
  package func bind(_ value: Int64, at index: Int) throws(SQLiteError) {
    try check(sqlite3_bind_int64(handle, Int32(index), value))
  }

  /// Binds a number; SQLite makes NULL of NaN.
  package func bind(_ value: Double, at index: Int) throws(SQLiteError) {
    try check(sqlite3_bind_double(handle, Int32(index), value))
  }

  /// Binds a text; a NUL in it is kept.
  package func bind(_ text: String, at index: Int) throws(SQLiteError) {
    var text = text
    try check(
      text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
          $0.isEmpty
            ? tracker_bind_text(handle, Int32(index), "", 0)
            : tracker_bind_text(handle, Int32(index), $0.baseAddress, Int32(clamping: $0.count))
        }
      })
  }

  /// Binds values to the parameters in order.
  package func bind(_ values: [SQLiteValue]) throws(SQLiteError) {
    for (index, value) in values.enumerated() { try bind(value, at: index + 1) }
  }

  // MARK: Steps

  /// Goes to the next row.
  ///
  /// - Returns: whether there is one
  package func step() throws(SQLiteError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw Connection.error(of: connection, sql: sql)
    }
  }

  /// Runs a statement that has no rows, and makes it ready for the next values.
  package func run() throws(SQLiteError) {
    defer { reset() }
    while try step() {}
  }

  /// Makes it ready to be run again; its bindings stay.
  package func reset() { sqlite3_reset(handle) }

  // MARK: Values out

  /// The number of columns of a row.
  package var columnCount: Int { Int(sqlite3_column_count(handle)) }

  /// A column's name.
  package func columnName(_ column: Int) -> String {
    sqlite3_column_name(handle, Int32(column)).map { String(cString: $0) } ?? ""
  }

  /// Whether a column is NULL.
  package func isNull(_ column: Int) -> Bool {
    sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
  }

  /// A column as an integer; 0 for NULL.
  package func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }

  /// A column as an integer, or `nil` for NULL.
  package func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }

  /// A column as a number; NaN for NULL.
  private func number(_ column: Int) -> Double {
    let value = real(column)
    // NULL is read as 0: of other values nobody need ask what they are.
    return value == 0 && isNull(column) ? .nan : value
  }

  /// A column as a number; 0 for NULL.
  package func real(_ column: Int) -> Double { sqlite3_column_double(handle, Int32(column)) }

  /// Appends a column of the next rows, as numbers, NULL as NaN; fewer than `count` where the rows end.
  package func appendNumbers(
    _ column: Int, atMost count: Int, to numbers: inout [Double]
  ) throws(SQLiteError) {
    var left = count
    while left > 0, try step() {
      numbers.append(number(column))
      left -= 1
    }
  }

  /// Appends the next rows of three columns: a step, a value, NULL as NaN, and a span of time, or the nearest that is
  /// within `range`; fewer than `count` where the rows end.
  package func appendRows(
    atMost count: Int, steps: inout [Int64], values: inout [Double], spans: inout [Int64],
    within range: ClosedRange<Int64>
  ) throws(SQLiteError) {
    var left = count
    while left > 0, try step() {
      steps.append(integer(0))
      values.append(number(1))
      spans.append(min(max(integer(2), range.lowerBound), range.upperBound))
      left -= 1
    }
  }

  /// A column as a text, a NUL in it included; empty for NULL.
  package func text(_ column: Int) -> String {
    guard let bytes = sqlite3_column_text(handle, Int32(column)) else { return "" }
    let count = Int(sqlite3_column_bytes(handle, Int32(column)))
    return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  /// Whether a column is this text.
  package func text(_ column: Int, is other: String) -> Bool {
    guard let bytes = sqlite3_column_text(handle, Int32(column)) else { return other.isEmpty }
    let count = Int(sqlite3_column_bytes(handle, Int32(column)))
    var other = other
    return other.withUTF8 { other in
      guard let start = other.baseAddress else { return count == 0 }
      return other.count == count && memcmp(start, bytes, count) == 0
    }
  }

  /// A column as a text of at most `limit` bytes; where more is left out, `…` stands at the end.
  package func text(_ column: Int, limit: Int) -> String {
    guard let bytes = sqlite3_column_text(handle, Int32(column)) else { return "" }
    let count = Int(sqlite3_column_bytes(handle, Int32(column)))
    guard count > limit else { return text(column) }
    var end = limit
    // Not within a character's bytes.
    while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return String(decoding: UnsafeBufferPointer(start: bytes, count: end), as: UTF8.self) + "…"
  }

  /// A column as a text, or `nil` for NULL.
  package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }

  /// Lends the bytes of a column until the next step.
  package func withBytes<R>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows
    -> R
  {
    let bytes = sqlite3_column_blob(handle, Int32(column))
    let count = Int(sqlite3_column_bytes(handle, Int32(column)))
    return try body(UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count))
  }

  /// A column as it is stored.
  package func value(_ column: Int) -> SQLiteValue {
    switch sqlite3_column_type(handle, Int32(column)) {
    case SQLITE_INTEGER: .integer(integer(column))
    case SQLITE_FLOAT: .real(real(column))
    case SQLITE_TEXT: .text(text(column))
    case SQLITE_BLOB: .blob(withBytes(column) { Array($0) })
    default: .null
    }
  }

  private func check(_ status: Int32) throws(SQLiteError) {
    guard status == SQLITE_OK else { throw Connection.error(of: connection, sql: sql) }
  }
}
