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
