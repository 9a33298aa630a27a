import TrackerJSON

extension DataTable {
  /// The table in GitHub Flavored Markdown, with full precision; numbers are aligned to the right.
  package var markdown: String {
    guard !columns.isEmpty else { return "" }
    let rules = columns.indices.map { index in
      let known = rows.map { $0[index] }.filter { !$0.isMissing }
      return !known.isEmpty && known.allSatisfy(\.isNumeric) ? "---:" : "---"
    }
    let header = columns.map(\.title.markdownEscaped)
    let body = rows.map { row in row.map(\.markdown) }
    return ([header, rules] + body)
      .map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }
}

extension Cell {
  var markdown: String {
    switch value {
    case .missing: "–"
    case .text(let text): text.markdownEscaped
    case .duration(let seconds): seconds.exactText + " s"
    case .boolean(let value): value ? "yes" : "no"
    default: exact
    }
  }
}

extension String {
  /// The text so that Markdown shows it as it is: nothing in it becomes markup, a cell's end or HTML.
  package var markdownEscaped: String {
    var text = ""
    for scalar in visible.unicodeScalars {
      switch scalar {
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "&": text += "&amp;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "!", "$", "@": text += "\\\(scalar)"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
