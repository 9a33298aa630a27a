import TrackerCSV

extension DataTable {
  /// The table as CSV, with full precision and a header line.
  package var csv: String {
    CSVWriter.line(columns.map(\.key))
      + rows.lazy.map { CSVWriter.line($0.map(\.exact)) }.joined()
  }
}
