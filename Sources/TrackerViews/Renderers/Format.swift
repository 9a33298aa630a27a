package import TrackerJSON

/// The forms in which every command prints what it found.
package enum Format: String, CaseIterable, Sendable {
  /// For people: rounded, and as wide as the terminal.
  case table
  /// For programs: stable names, full precision.
  case json
  /// For programs and spreadsheets: RFC 4180, full precision.
  case csv
  /// For a pull request or a notebook: full precision.
  case markdown
}

/// What a command has to show, made once and rendered to any form.
package protocol Presentable: Sendable {
  /// For programs: the documented, stable names.
  var json: JSONValue { get }
  /// For programs and spreadsheets: one table.
  var records: DataTable { get }
  /// For people.
  var document: Document { get }
}

extension Presentable {
  /// This in `format`, ending with a newline unless it is empty; `style` matters to
  /// ``Format/table`` alone.
  package func rendered(as format: Format, style: TextStyle = TextStyle()) -> String {
    switch format {
    case .table: ended(document.text(style))
    case .json: ended(json.pretty)
    case .csv: records.csv
    case .markdown: ended(document.markdown)
    }
  }

  private func ended(_ text: String) -> String { text.isEmpty ? "" : text + "\n" }
}
