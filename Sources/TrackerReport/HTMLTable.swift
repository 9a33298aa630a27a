import TrackerViews
import TrackerStore

extension DataTable {
  /// The table as its template wants it. Numbers carry their exact value for sorting.
  ///
  /// - Parameters:
  ///   - caption: what a screen reader calls it
  ///   - runs: the run of each row, to which its first column links; empty where rows are no runs
  ///   - shownColumns: so many columns are shown at first; the others are there to be chosen
  func templateContext(
    caption: String, id: String? = nil, runs: [Int64] = [], shownColumns: Int = .max,
    style: TextStyle
  ) -> [String: Any] {
    let isNumeric = columns.indices.map { index in
      let known = rows.lazy.map { $0[index] }.filter { !$0.isMissing }
      return !known.isEmpty && known.allSatisfy(\.isNumeric)
    }
    let fractions = columns.indices.map { index in
      isNumeric[index] ? rows.map { $0[index].readable(style).fractionLength }.max() ?? 0 : 0
    }
    var context: [String: Any] = [
      "caption": caption,
      "columns": columns.indices.map { index -> [String: Any] in
        var column: [String: Any] = ["title": columns[index].title]
        let classes = [isNumeric[index] ? "n" : nil, index < shownColumns ? nil : "off"]
        if let name = cssClasses(classes) { column["class"] = name }
        if id != nil { column["key"] = columns[index].key }
        return column
      },
      "rows": rows.indices.map { row -> [String: Any] in
        var cells = rows[row].enumerated().map {
          $1.templateContext(
            isNumeric[$0] ? fractions[$0] : nil, isShown: $0 < shownColumns, style)
        }
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
  /// - Parameter fraction: the longest fraction in this column of numbers; `nil` if it is none
  fileprivate func templateContext(
    _ fraction: Int?, isShown: Bool, _ style: TextStyle
  ) -> [String: Any] {
    let shown = readable(style)
    var context: [String: Any] = ["text": shown + shown.padding(toFraction: fraction ?? 0)]
    let classes = [fraction == nil ? nil : "n", emphasis.cssClass, isShown ? nil : "off"]
    if let name = cssClasses(classes) { context["class"] = name }
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
    switch value {
    case .time(let time): String(time.milliseconds)
    // More digits would tell apart what no reader does, in every cell.
    case .real(let number), .duration(let number): number.readable(digits: 8)
    default: exact
    }
  }
}

/// The names of classes in one attribute; `nil` if there are none.
private func cssClasses(_ names: [String?]) -> String? {
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
