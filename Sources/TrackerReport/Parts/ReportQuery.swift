import TrackerValues
import TrackerViews
package import TrackerStore

/// A section of a report that one SQL statement makes. Its head says what it is:
///
///     -- title: Seconds by optimiser
///     -- form: bar
///     -- note: All runs of each.
///     -- after: curves
///     SELECT …
///
/// `:runs` in it is the report's runs, as a JSON array of their numbers.
package struct ReportQuery: Sendable {
  /// How the rows are shown. What the columns are is their order.
  package enum Form: String, CaseIterable, Sendable {
    /// All columns as they are.
    case table
    /// x, y and, if there is one, what tells lines apart.
    case line
    /// x, y and, if there is one, what tells colours apart; x may be a text.
    case scatter
    /// A label and a length.
    case bar
    /// A row, a column and a value.
    case heatMap = "heat map"

    var columns: ClosedRange<Int> {
      switch self {
      case .table: 1...2000
      case .line, .scatter: 2...3
      case .bar: 2...2
      case .heatMap: 3...3
      }
    }

    var description: String {
      switch self {
      case .table: "any columns"
      case .line, .scatter: "x, y and, if you like, a group"
      case .bar: "a label and a value"
      case .heatMap: "a row, a column and a value"
      }
    }
  }

  /// The file's name.
  package let fileName: String
  /// The whole text, which is the statement: its head is a comment.
  package let sql: String
  let title: String
  let form: Form
  let note: String?
  /// The section that it follows; `nil`: before the parts of each run.
  let after: String?
  /// Whether the program brought it: such a section is left out where it has nothing to show.
  let isOwn: Bool

  /// The anchor, and the name by which a file takes the place of a section of the program.
  var id: String {
    String(
      fileName.dropLast(".sql".count).lowercased().map { character in
        character.isASCII && (character.isLetter || character.isNumber) ? character : "-"
      })
  }

  /// - Parameters:
  ///   - fileName: its name with the ending `.sql`
  ///   - text: its head and one SELECT statement
  init(fileName: String, text: String, isOwn: Bool) throws(ReportPartError) {
    self.fileName = fileName
    self.isOwn = isOwn
    sql = text
    let head = Self.head(of: text)
    guard let title = head["title"], !title.isEmpty else {
      throw ReportPartError(
        "\(fileName) has no title",
        advice: "Begin it with a line such as: -- title: Seconds by optimiser")
    }
    self.title = title
    let name = head["form"] ?? Form.table.rawValue
    guard let form = Form(rawValue: name.lowercased()) else {
      throw ReportPartError(
        "\(fileName): there is no form \"\(name)\"",
        advice: "There are: " + Form.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self.form = form
    note = head["note"]
    after = head["after"]
  }

  /// The comments `-- key: value` before the statement.
  private static func head(of text: String) -> [String: String] {
    var head: [String: String] = [:]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let line = line.trimmed
      guard line.hasPrefix("--") || line.isEmpty else { break }
      let comment = line.drop { $0 == "-" }
      guard let colon = comment.firstIndex(of: ":") else { continue }
      let key = comment[..<colon].trimmed.lowercased()
      head[key] = head[key] ?? comment[comment.index(after: colon)...].trimmed
    }
    return head
  }
}

/// A section in SQL with what its statement found.
package struct ReportAnswer: Sendable {
  let query: ReportQuery
  var result: QueryView

  /// - Throws: ``ReportPartError`` when the columns are not those that the form wants
  package init(_ query: ReportQuery, _ result: QueryResult) throws(ReportPartError) {
    guard query.form.columns.contains(result.columns.count) else {
      throw ReportPartError(
        "\(query.fileName): the form \(query.form.rawValue) wants \(query.form.description), and the statement "
          + "has \(counted(result.columns.count, "column"))")
    }
    self.query = query
    self.result = QueryView(result)
    guard query.form != .table else { return }
    // Texts where numbers are wanted would make an empty chart of which nobody knew why.
    let numeric = query.form == .line ? [0, 1] : query.form == .heatMap ? [2] : [1]
    for column in numeric {
      let cells = self.result.records.rows.map { $0[column] }
      guard cells.contains(where: { !$0.isMissing && !$0.isNumeric }) else { continue }
      throw ReportPartError(
        "\(query.fileName): the form \(query.form.rawValue) wants numbers in column \(column + 1), "
          + "\"\(result.columns[column])\", and not all are")
    }
  }
}
