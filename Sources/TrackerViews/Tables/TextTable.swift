extension DataTable {
  /// The table for a terminal: aligned columns under a header, numbers at their decimal point, cut to
  /// the width of `style`.
  ///
  /// Too wide a table first abbreviates its longest texts in the middle, then leaves out the columns of
  /// the highest rank, and says so below.
  package func text(_ style: TextStyle) -> String {
    guard !columns.isEmpty else { return "" }
    var layout = columns.indices.map { ColumnLayout(self, column: $0, style: style) }
    var hidden: [String] = []
    if let width = style.width {
      while !TextLayout.shrink(&layout, to: width) {
        guard let last = TextLayout.firstToGo(layout) else { break }
        hidden.insert(layout[last].title, at: 0)
        layout.remove(at: last)
      }
    }
    var lines = [TextLayout.line(layout.map { ($0.header, .strong) }, style)]
    for row in rows.indices {
      lines.append(
        TextLayout.line(layout.map { ($0.cell(row), rows[row][$0.index].emphasis) }, style))
    }
    if !hidden.isEmpty {
      let note = "left out to fit the width: " + hidden.joined(separator: ", ")
      // Each name whole, on as many lines as it takes: half a name tells nobody what to ask for.
      lines += note.wrapped(to: style.width ?? .max).map { style.painted($0, .faint) }
    }
    return lines.joined(separator: "\n")
  }
}

/// One column, laid out: its texts, and how wide each of their parts is.
private struct ColumnLayout {
  let index: Int
  let title: String
  let rank: Int
  let isNumeric: Bool
  private let texts: [String]
  /// Columns before and from the decimal point on.
  private let before: Int
  private let after: Int
  var width: Int
  /// No column is cut below this: what is left of its texts, or of its header, would tell nothing.
  let leastWidth: Int

  init(_ table: DataTable, column: Int, style: TextStyle) {
    index = column
    title = table.columns[column].title.visible
    rank = table.columns[column].rank
    texts = table.rows.map { $0[column].readable(style) }
    let known = table.rows.map { $0[column] }.filter { !$0.isMissing }
    isNumeric = !known.isEmpty && known.allSatisfy(\.isNumeric)
    let isText = known.contains {
      if case .text = $0.value { true } else { false }
    }
    if isNumeric {
      let parts = texts.map(\.pointParts)
      before = parts.reduce(0) { max($0, $1.0.displayWidth) }
      after = parts.reduce(0) { max($0, $1.1.displayWidth) }
      width = max(title.displayWidth, before + after)
      leastWidth = min(width, max(shortest, before + after))
    } else {
      before = 0
      after = 0
      let widest = texts.reduce(0) { max($0, $1.displayWidth) }
      width = max(title.displayWidth, widest)
      leastWidth = min(width, isText ? shortest : max(shortest, widest))
    }
  }

  var header: String {
    let short = title.abbreviated(to: width)
    return isNumeric ? short.leftPadded(to: width) : short.padded(to: width)
  }

  func cell(_ row: Int) -> String {
    let text = texts[row]
    guard isNumeric else { return text.abbreviated(to: width).padded(to: width) }
    let parts = text.pointParts
    let fraction = parts.1.padded(to: after)
    return (parts.0.leftPadded(to: before) + fraction).leftPadded(to: width)
  }
}

/// Texts up to this width are never cut.
private let shortest = 16

private enum TextLayout {
  static let gap = 2
  static func total(_ layout: [ColumnLayout]) -> Int {
    layout.reduce(0) { $0 + $1.width } + gap * max(0, layout.count - 1)
  }

  /// Cuts the widest texts until the table fits; false if it cannot.
  static func shrink(_ layout: inout [ColumnLayout], to width: Int) -> Bool {
    var excess = total(layout) - width
    guard excess > 0 else { return true }
    let slack = layout.reduce(0) { $0 + $1.width - $1.leastWidth }
    guard slack >= excess else { return false }
    while excess > 0 {
      let shrinkable = layout.indices.filter { layout[$0].width > layout[$0].leastWidth }
      guard let widest = shrinkable.max(by: { layout[$0].width < layout[$1].width }) else {
        return false
      }
      layout[widest].width -= 1
      excess -= 1
    }
    return true
  }

  /// The column that is given up next: of the highest rank the last.
  static func firstToGo(_ layout: [ColumnLayout]) -> Int? {
    layout.indices.filter { layout[$0].rank > 0 }
      .max { (layout[$0].rank, $0) < (layout[$1].rank, $1) }
  }

  static func line(_ cells: [(text: String, emphasis: Emphasis)], _ style: TextStyle) -> String {
    var cells = cells
    // Nothing is written after the last text, neither spaces nor codes around them.
    while let last = cells.indices.last {
      let spaces = cells[last].text.utf8.reversed().prefix { $0 == UInt8(ascii: " ") }.count
      cells[last].text.removeLast(spaces)
      guard cells[last].text.isEmpty else { break }
      cells.removeLast()
    }
    return cells.map { style.painted($0.text, $0.emphasis) }
      .joined(separator: String(repeating: " ", count: gap))
  }
}

extension String {
  /// The text before its decimal point (or its exponent) and the rest.
  fileprivate var pointParts: (String, String) {
    guard let mark = utf8.firstIndex(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "e") })
    else { return (self, "") }
    return (String(self[..<mark]), String(self[mark...]))
  }
}
