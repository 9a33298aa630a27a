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
    try read("reading") { connection in
      let deadline = ContinuousClock.now + timeout
      connection.authorize(Self.allowsReading)
      connection.whileRunning { ContinuousClock.now < deadline }
      defer {
        connection.authorize(nil)
        connection.whileRunning(nil)
      }
      do {
        let statement = try connection.prepare(sql)
        guard statement.isReadOnly else {
          throw StoreError(
            .statement, "this statement writes",
            advice: "Start with SELECT: a query only reads.")
        }
        for (name, value) in values {
          guard let index = statement.parameterIndex(name) else { continue }
          try statement.bind(value, at: index)
        }
        var result = QueryResult(
          columns: (0..<statement.columnCount).map { statement.columnName($0) }, rows: [])
        while try statement.step() {
          result.rows.append(
            (0..<statement.columnCount).map { QueryResult.Value(statement.value($0)) })
        }
        return result
      } catch let error as SQLiteError {
        throw Self.queryError(error, timeout: timeout)
      }
    }
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
    default:
      StoreError(.statement, "SQL: \(error.message)")
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
