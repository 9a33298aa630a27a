/// Rows of typed cells under named columns: what every renderer turns into its own form.
package struct DataTable: Sendable, Hashable {
  /// The columns in order.
  package var columns: [Column]
  /// The rows; each has as many cells as there are columns.
  package var rows: [[Cell]]

  /// A column.
  package struct Column: Sendable, Hashable {
    /// The stable name, for programs: `durationSeconds`.
    package var key: String
    /// The name for people: `time`.
    package var title: String
    /// What goes first where the width does not suffice for all: the highest number; 0 never goes.
    package var rank: Int

    /// A column for programs and people.
    package init(_ key: String, title: String? = nil, rank: Int = 0) {
      self.key = key
      self.title = title ?? key
      self.rank = rank
    }
  }

  /// A table; short rows are filled up with missing cells.
  package init(columns: [Column], rows: [[Cell]]) {
    self.columns = columns
    self.rows = rows.map { row in
      row.count == columns.count
        ? row
        : Array(row.prefix(columns.count))
          + Array(repeating: .missing, count: max(0, columns.count - row.count))
    }
  }

  /// A table with columns named alike for programs and people.
  package init(_ keys: [String], rows: [[Cell]]) {
    self.init(columns: keys.map { Column($0) }, rows: rows)
  }

  /// The table without the columns in which no row has anything, but for the first.
  package var withoutEmptyColumns: DataTable {
    let kept = columns.indices.filter { index in
      index == 0 || rows.contains { !$0[index].isMissing }
    }
    return DataTable(
      columns: kept.map { columns[$0] }, rows: rows.map { row in kept.map { row[$0] } })
  }

  /// Rows as columns: the first column's texts become the titles, and the last of them go first where the width does
  /// not suffice.
  package func transposed(corner: String) -> DataTable {
    let titles = rows.map { $0.first?.exact ?? "" }
    return DataTable(
      columns: [Column(corner)] + titles.enumerated().map { Column($1, rank: $0) },
      rows: columns.indices.dropFirst().map { index in
        [.text(columns[index].title)] + rows.map { $0[index] }
      })
  }
}
