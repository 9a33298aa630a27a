import TrackerViews
import TrackerStore

extension WatchState {
  /// How far the checks can be scrolled.
  var longestScroll: Int {
    view == .checks ? max(0, checkLines(TextStyle(width: size.width)).count - bodyHeight) : 0
  }

  /// One gradient check of the run: the verdict, block by block, and where the differences are.
  func checkLines(_ style: TextStyle) -> [String] {
    guard let run = focusedRun else { return [] }
    let checks = run.gradientChecks
    guard let place = shownCheck(of: run) else {
      return "Run \(run.id) has no gradient check. Make one with: tracker check \(run.id)"
        .wrapped(to: size.width)
    }
    let check = checks[place]
    var lines: [String] = []
    if checks.count > 1 {
      let marks = checks.map { $0.passed ? "✓" : "✗" }.joined()
      lines.append(
        style.painted("check \(place + 1) of \(checks.count)", .strong)
          + (marks.count + 20 <= size.width ? "  " + marks : ""))
    }
    var blocks = check.blocks(titled: nil)
    if !check.passed { blocks.append(.paragraph("Why? tracker diagnose \(run.id)", .strong)) }
    lines += Document(blocks).text(style).lines
    if !data.picture.isEmpty {
      lines.append("")
      for line in data.picture.lines {
        lines +=
          line.displayWidth > size.width && line.contains(" ")
          ? line.wrapped(to: size.width) : [line]
      }
    }
    return lines
  }
}

extension String {
  fileprivate var lines: [String] {
    split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
