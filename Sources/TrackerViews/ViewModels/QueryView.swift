package import TrackerJSON
package import TrackerStore

/// The answer to a query in SQL.
package struct QueryView: Presentable {
  package let records: DataTable

  /// - Parameters:
  ///   - columns: the names of the columns; those that occur twice get a number
  ///   - rows: a value for each column
  package init(columns: [String], rows: [[Cell.Value]]) {
    var seen: [String: Int] = [:]
    let names = columns.map { name in
      seen[name, default: 0] += 1
      return seen[name] == 1 ? name : "\(name):\(seen[name] ?? 0)"
    }
    records = DataTable(names, rows: rows.map { $0.map { Cell($0) } })
  }

  /// What a query of the store found.
  package init(_ result: QueryResult) {
    self.init(
      columns: result.columns,
      rows: result.rows.map { row in
        row.map { value -> Cell.Value in
          switch value {
          case .null: .missing
          case .integer(let value): .integer(value)
          case .real(let value): .real(value)
          case .text(let value): .text(value)
          case .blob(let bytes): .text("\(bytes.count) bytes")
          }
        }
      })
  }

  package var json: JSONValue {
    .array(
      records.rows.map { row in
        .object(zip(records.columns, row).map { .init(key: $0.key, value: $1.json) })
      })
  }

  package var document: Document {
    Document([
      .table(records), .paragraph(counted(records.rows.count, "row"), .faint),
    ])
  }
}
