import TrackerSQLite

/// What a query found.
public struct QueryResult: Hashable, Sendable {
  /// The columns' names.
  public var columns: [String]
  /// The rows, each with a value a column.
  public var rows: [[Value]]

  /// Rows under columns, as many values in each.
  public init(columns: [String], rows: [[Value]]) {
    self.columns = columns
    self.rows = rows
  }

  /// A value as SQLite has it.
  public enum Value: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    init(_ value: SQLiteValue) {
      self =
        switch value {
        case .null: .null
        case .integer(let value): .integer(value)
        case .real(let value): .real(value)
        case .text(let value): .text(value)
        case .blob(let value): .blob(value)
        }
    }

    /// About what it takes in memory, in bytes.
    fileprivate var byteCount: Int64 {
      switch self {
      case .null, .integer, .real: 16
      case .text(let text): Int64(16 + text.utf8.count)
      case .blob(let bytes): Int64(16 + bytes.count)
      }
    }
  }
}

extension Store {
  /// Runs one SQL statement that only reads.
  ///
  /// The statement may not write, attach other files, load extensions or change settings; that is
  /// refused before it runs. A query that takes longer than `timeout` is ended.
  ///
  /// - Parameters:
  ///   - sql: the statement
  ///   - values: texts for named parameters of the statement, such as `:runs`; those that it does not have are ignored
  ///   - timeout: how long it may take
  /// - Throws: ``StoreError`` with ``StoreError/Reason/statement`` or ``StoreError/Reason/timeout``
  public func query(
    _ sql: String, values: [String: String] = [:], timeout: Duration = .seconds(60)
  ) throws -> QueryResult {
    // By a connection that cannot write at all.
    try openReader()
    return try read("reading") { connection in
      let deadline = ContinuousClock.now + timeout
      connection.authorize(Self.allowsReading)
      connection.whileRunning { ContinuousClock.now < deadline }
      defer {
        connection.authorize(nil)
        connection.whileRunning(nil)
      }
      do {
        return try connection.limited(length: Self.valueLimit, memory: Self.memoryLimit) {
          try Self.result(of: sql, values, on: connection)
        }
      } catch let error as SQLiteError {
        throw Self.queryError(error, timeout: timeout)
      }
    }
  }

  /// The longest value that a query can have, in bytes.
  private static let valueLimit: Int32 = 32 << 20
  /// The most memory that a query, and then its result, can take, in bytes.
  private static let memoryLimit: Int64 = 128 << 20

  private static func result(
    of sql: String, _ values: [String: String], on connection: Connection
  ) throws -> QueryResult {
    let statement = try connection.prepare(sql)
    guard statement.isReadOnly else {
      throw StoreError(
        .statement, "this statement writes", advice: "Start with SELECT: a query only reads.")
    }
    for (name, value) in values {
      guard let index = statement.parameterIndex(name) else { continue }
      try statement.bind(value, at: index)
    }
    var result = QueryResult(
      columns: (0..<statement.columnCount).map { statement.columnName($0) }, rows: [])
    var size: Int64 = 0
    while try statement.step() {
      let row = (0..<statement.columnCount).map { QueryResult.Value(statement.value($0)) }
      size += row.reduce(64) { $0 + $1.byteCount }
      guard size <= memoryLimit else { throw tooMuch }
      result.rows.append(row)
    }
    return result
  }

  private static var tooMuch: StoreError {
    StoreError(
      .statement, "the query takes more than \(memoryLimit >> 20) MiB of memory",
      advice: "Ask for fewer rows, or for counts and extremes instead of them.")
  }

  private static func queryError(_ error: SQLiteError, timeout: Duration) -> StoreError {
    switch error.code {
    case SQLiteError.interrupted:
      StoreError(
        .timeout, "the query took longer than \(timeout.components.seconds) s and was ended")
    case SQLiteError.authorization:
      StoreError(
        .statement, "the query wants to do more than read: \(error.message)",
        advice: "Start with SELECT: a query only reads.")
    case SQLiteError.tooBig:
      StoreError(
        .statement, "a value of the query is longer than \(valueLimit >> 20) MiB",
        advice: "Ask for its length, or for a part of it with substr.")
    case SQLiteError.outOfMemory: tooMuch
    default: StoreError(.statement, "SQL: \(error.message)")
    }
  }

  private static func allowsReading(_ action: Connection.Action) -> Bool {
    switch action {
    case .read, .declaration: true
    // Loading is off in SQLite anyway; refused here, it says why.
    case .function(let name): name.lowercased() != "load_extension"
    case .pragma(let name):
      ["table_info", "table_xinfo", "table_list", "index_list", "index_info"].contains(name)
    case .other: false
    }
  }
}
