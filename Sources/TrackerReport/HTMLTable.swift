import TrackerJSON
import TrackerTemplates
import TrackerViews
import TrackerStore

extension DataTable {
  /// A table of more rows is higher than its box, whatever the font.
  private static let longest = 60

  /// The table as the template `table` wants it. Numbers carry their exact value for sorting.
  ///
  /// - Parameters:
  ///   - caption: what a screen reader calls it
  ///   - runs: the run of each row, to which its first column links; empty where rows are not runs
  ///   - shownColumns: so many columns stand in the page; the others are ``moreColumns(from:style:)``
  ///   - best: whether the first row is of the best run
  ///   - hasExact: whether cells say what they are sorted by, which the page's data may do instead
  func content(
    caption: String, id: String? = nil, runs: [Int64] = [], shownColumns: Int = .max,
    best: Bool = false, hasExact: Bool = true, style: TextStyle
  ) -> TableContent {
    let shown = columns.indices.prefix(shownColumns)
    let fractions = shown.map { fraction(of: $0, style) }
    return TableContent(
      caption: caption, id: id, sortable: id != nil, isLong: rows.count > Self.longest,
      columns: shown.map { index in
        TableContent.Column(
          title: columns[index].title, key: id == nil ? nil : columns[index].key,
          class: fractions[index] == nil ? nil : "n")
      },
      rows: rows.indices.map { row in
        let run = row < runs.count ? String(runs[row]) : nil
        return TableContent.Row(
          run: run, class: best && row == 0 ? "best" : nil,
          cells: shown.map { index in
            rows[row][index].content(
              fractions[index], hasExact: hasExact,
              link: index == 0 ? run.map { "run-\($0)" } : nil,
              style)
          })
      })
  }

  /// The columns from this one on, which the page's script puts in when the reader chooses one: as many cells are most of
  /// a page of many runs.
  func moreColumns(from first: Int, style: TextStyle) -> JSONValue {
    .array(
      columns.indices.dropFirst(first).map { index in
        let fraction = fraction(of: index, style)
        let cells = rows.map {
          $0[index].content(fraction, hasExact: false, link: nil, style)
        }
        return .object([
          "key": .string(columns[index].key), "title": .string(columns[index].title),
          "class": .string(fraction == nil ? nil : "n"),
          "text": .object(DataColumn(cells.map { .string($0.text) }).members),
          "classes": .object(DataColumn(cells.map { .string($0.class ?? "") }).members),
        ])
      })
  }

  /// The longest fraction in a column of numbers; `nil` where it is none.
  private func fraction(of column: Int, _ style: TextStyle) -> Int? {
    var isNumeric = false
    for row in rows where !row[column].isMissing {
      guard row[column].isNumeric else { return nil }
      isNumeric = true
    }
    guard isNumeric else { return nil }
    return rows.lazy.map { $0[column].readable(style).fractionLength }.max()
  }
}

/// What fills the template `table`.
struct TableContent: TemplateContent {
  struct Column: TemplateContent {
    let title: String
    let key: String?
    let `class`: String?
  }

  struct Row: TemplateContent {
    let run: String?
    let `class`: String?
    let cells: [Cell]

    var templateValue: TemplateValue {
      .record([("run", run), ("class", `class`), ("cells", cells)])
    }
  }

  struct Cell: TemplateContent {
    let text: String
    let `class`: String?
    /// What it is sorted by, where that is not its text.
    let exact: String?
    let link: String?

    var templateValue: TemplateValue {
      .record([("text", text), ("class", `class`), ("exact", exact), ("link", link)])
    }
  }

  let caption: String
  let id: String?
  let sortable: Bool
  let isLong: Bool
  let columns: [Column]
  let rows: [Row]
}

extension Cell {
  /// - Parameter fraction: the longest fraction in this column of numbers; `nil` if it is none
  fileprivate func content(
    _ fraction: Int?, hasExact: Bool, link: String?, _ style: TextStyle
  ) -> TableContent.Cell {
    let shown = readable(style)
    let exact: String? =
      switch value {
      case _ where !hasExact: nil
      case .real, .duration, .time, .bytes: sortKey == shown ? nil : sortKey
      case .missing: ""
      default: nil
      }
    return TableContent.Cell(
      text: shown + shown.padding(toFraction: fraction ?? 0),
      class: cssClasses([fraction == nil ? nil : "n", emphasis.cssClass]),
      exact: exact, link: link)
  }

  private var sortKey: String {
    switch value {
    case .time(let time): String(time.milliseconds)
    // More digits would tell apart what no reader does, in every cell.
    case .real(let number), .duration(let number): number.readable(digits: 8)
    default: exact
    }
  }
}

/// The names of classes in one attribute; `nil` if there are none.
func cssClasses(_ names: [String?]) -> String? {
  let names = names.compactMap { $0 }
  return names.isEmpty ? nil : names.joined(separator: " ")
}

extension String {
  /// How many characters stand from the decimal point (or the exponent) on.
  fileprivate var fractionLength: Int {
    firstIndex { $0 == "." || $0 == "e" }.map { distance(from: $0, to: endIndex) } ?? 0
  }

  /// Spaces as wide as the digits and the point that are missing, so that points stand under each
  /// other in a column that is aligned to the right.
  fileprivate func padding(toFraction length: Int) -> String {
    let missing = length - fractionLength
    guard missing > 0 else { return "" }
    let figures = String(repeating: "\u{2007}", count: fractionLength == 0 ? missing - 1 : missing)
    return fractionLength == 0 ? "\u{2008}" + figures : figures
  }
}

extension Emphasis {
  var cssClass: String? {
    switch self {
    case .plain: nil
    case .strong: "strong"
    case .faint: "quiet"
    case .good: "good"
    case .warning: "warning"
    case .bad: "bad"
    }
  }
}
