import TrackerJSON

extension String {
  /// Text of several lines with everything else that steers a terminal, or hides something, shown as an escape.
  ///
  /// All text that the program prints passes here or ``printableStyled``, whatever its parts were made of.
  package var printable: String { escaped(keepingStyles: false) }

  /// Text of several lines in which colours and other styles (ECMA-48's SGR, `ESC [ … m`) stay, and everything else
  /// that steers a terminal is shown as an escape.
  package var printableStyled: String { escaped(keepingStyles: true) }

  private func escaped(keepingStyles: Bool) -> String {
    guard self[...].hasInvisible else { return self }
    var text = ""
    text.reserveCapacity(utf8.count)
    var isFirstLine = true
    for line in split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" }) {
      if !isFirstLine { text += "\n" }
      isFirstLine = false
      guard line.hasInvisible else {
        text += line
        continue
      }
      var isFirst = true
      for part in line.split(separator: "\u{1B}", omittingEmptySubsequences: false) {
        if isFirst {
          isFirst = false
          text += String(part).visible
          continue
        }
        let end = keepingStyles ? part.endOfStyle : nil
        text += end.map { "\u{1B}" + part[..<$0] } ?? "\u{1B}".visible
        text += String(part[(end ?? part.startIndex)...]).visible
      }
    }
    return text
  }
}

extension Substring {
  /// Where a style's sequence ends whose escape came before; `nil` if this is none.
  fileprivate var endOfStyle: Index? {
    guard first == "[" else { return nil }
    let rest = self[index(after: startIndex)...]
    guard let end = rest.firstIndex(where: { !("0"..."9").contains($0) && $0 != ";" }),
      self[end] == "m"
    else { return nil }
    return index(after: end)
  }
}
