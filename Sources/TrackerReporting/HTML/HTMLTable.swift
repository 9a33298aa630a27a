import TrackerStore

extension DataTable {
  /// The table as its template wants it. Numbers carry their exact value for sorting.
  ///
  /// - Parameters:
  ///   - caption: what a screen reader calls it
  ///   - runs: the run of each row, to which its first column links; empty where rows are no runs
  func templateContext(
    caption: String, id: String? = nil, runs: [Int64] = [], style: TextStyle
  ) -> [String: Any] {
    let isNumeric = columns.indices.map { index in
      let known = rows.lazy.map { $0[index] }.filter { !$0.isMissing }
      return !known.isEmpty && known.allSatisfy(\.isNumeric)
    }
    var context: [String: Any] = [
      "caption": caption,
      "columns": columns.indices.map { index -> [String: Any] in
        var column: [String: Any] = ["title": columns[index].title, "number": isNumeric[index]]
        if id != nil { column["key"] = columns[index].key }
        return column
      },
      "rows": rows.indices.map { row -> [String: Any] in
        var cells = rows[row].enumerated().map { $1.templateContext(isNumeric[$0], style) }
        guard row < runs.count else { return ["cells": cells] }
        cells[0]["link"] = "run-\(runs[row])"
        return ["cells": cells, "run": String(runs[row])]
      },
    ]
    if let id {
      context["id"] = id
      context["sortable"] = true
    }
    return context
  }
}

extension Cell {
  fileprivate func templateContext(_ isNumeric: Bool, _ style: TextStyle) -> [String: Any] {
    let shown = readable(style)
    var context: [String: Any] = ["text": shown]
    let classes = [isNumeric ? "n" : nil, emphasis.cssClass].compactMap { $0 }
    if !classes.isEmpty { context["class"] = classes.joined(separator: " ") }
    switch value {
    case .real, .duration, .time, .bytes:
      let sortable = sortKey
      if sortable != shown { context["exact"] = sortable }
    case .missing: context["exact"] = ""
    default: break
    }
    return context
  }

  private var sortKey: String {
    if case .time(let time) = value { return String(time.milliseconds) }
    return exact
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
