package import TrackerViews
import TrackerStore

extension WatchState {
  /// Lines between the title and the keys.
  var bodyHeight: Int { max(0, size.height - 2) }

  /// The screen: as many lines as it has, none wider than it is.
  ///
  /// - Parameter style: whether there is colour, and the present moment
  package func lines(_ style: TextStyle) -> [String] {
    var style = style
    style.width = size.width
    var body = Array(content(style).prefix(bodyHeight))
    body += Array(repeating: "", count: bodyHeight - body.count)
    if let notice, let last = body.indices.last {
      body[last] = style.painted(notice.visible.abbreviated(to: size.width), .warning)
    }
    return ([title(style)] + body + [footer(style)]).prefix(size.height).map {
      $0.utf8.count <= size.width ? $0 : $0.clipped(to: size.width).text
    }
  }

  private func content(_ style: TextStyle) -> [String] {
    if showsHelp { return helpLines(style) }
    if let message { return message.wrapped(to: size.width) }
    switch view {
    case .list: return listLines(style)
    case .curves: return runLines(style)
    case .checks: return Array(checkLines(style).dropFirst(scroll))
    }
  }

  /// What stands in place of runs where there are none.
  private var message: String? {
    if data.entries.isEmpty, let trouble = data.trouble { return trouble.visible }
    if view != .list, focusedRun != nil { return nil }
    if view != .list, case .run(let id) = focus, !data.entries.isEmpty || data.isRead {
      return "There is no run \(id) any more. Esc shows all runs."
    }
    guard data.entries.isEmpty, data.isRead else { return data.isRead ? nil : "Reading …" }
    return condition == nil
      ? "No runs yet. Start one with: tracker run" : "No run matches. Esc shows all runs."
  }

  /// What is wrong, where there is something else to be seen.
  private var notice: String? {
    prompt?.mistake ?? (data.entries.isEmpty ? nil : data.trouble)
  }

  // MARK: Title and keys

  private func title(_ style: TextStyle) -> String {
    if view == .list || showsHelp { return bar(left: listTitle, right: counts, style) }
    guard let run = focusedRun else { return bar(left: data.path.visible, right: "", style) }
    var left = "Run \(run.id)"
    if let name = run.name { left += " · \(name.visible)" }
    return bar(left: left, right: focus == .newest ? "following the newest" : "", style)
  }

  private var listTitle: String {
    var title = data.path.visible
    if let condition { title += " · \(condition.visible)" }
    if let sort { title += " · by \(sort.visible)" }
    return title
  }

  private var counts: String {
    let running = data.entries.count { $0.status == .running }
    return counted(data.entries.count, "run") + (running > 0 ? ", \(running) running" : "")
  }

  /// A line with something at both its ends.
  private func bar(left: String, right: String, _ style: TextStyle) -> String {
    let room = size.width - (right.isEmpty ? 0 : right.displayWidth + 2)
    guard room >= 8 else { return style.painted(left.abbreviated(to: size.width), .strong) }
    let left = left.abbreviated(to: room)
    let gap = size.width - left.displayWidth - right.displayWidth
    return style.painted(left, .strong)
      + (right.isEmpty ? "" : String(repeating: " ", count: gap) + right)
  }

  private func footer(_ style: TextStyle) -> String {
    if let prompt {
      let label = prompt.purpose == .filter ? "show where: " : "sort by: "
      let room = max(1, size.width - label.count - 1)
      var text = prompt.text.visible
      // The end is where one types.
      while text.displayWidth > room { text.removeFirst() }
      return style.painted(label, .strong) + text + "▏"
    }
    if showsHelp { return style.painted("any key goes back", .faint) }
    let hints =
      switch view {
      case .list: ["q quit", "? help", "↑↓ choose", "Enter open", "/ filter", "s sort", "f newest"]
      case .curves:
        ["q quit", "? help", "Esc runs", "↑↓ metric", "←→ run", "l log", "Tab checks", "f newest"]
      case .checks:
        ["q quit", "? help", "Esc runs", "↑↓ check", "←→ run", "Tab curves", "PgDn more"]
      }
    var text = ""
    for hint in hints {
      let longer = text.isEmpty ? hint : text + "   " + hint
      if longer.displayWidth > size.width { break }
      text = longer
    }
    return style.painted(text, .faint)
  }

  // MARK: Help

  private func helpLines(_ style: TextStyle) -> [String] {
    let keys: KeyValuePairs = [
      "↑ ↓  k j": "choose a run, a metric or a check", "PgUp PgDn Home End": "go faster",
      "Enter": "open the run", "Esc": "back to the runs; there: show all",
      "/": "show the runs with lambda > 0.1 and status = running",
      "s": "sort by -best(testAccuracy),lambda; minus: highest first",
      "f": "follow the newest run", "← →  p n": "the run before, the run after in the list",
      "Tab": "curves, gradient checks", "l": "logarithmic or linear", "Ctrl-L": "redraw",
      "Ctrl-Z": "suspend", "q  Ctrl-C": "quit",
    ]
    let width = keys.reduce(0) { max($0, $1.key.displayWidth) }
    return keys.map { style.painted($0.key.padded(to: width), .strong) + "  " + $0.value }
  }
}
