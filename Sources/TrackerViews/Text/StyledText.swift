extension String {
  /// A line with ANSI colours in at most `width` columns, and how many columns it takes.
  ///
  /// What does not fit is left out; colours that are on then end.
  package func clipped(to width: Int) -> (text: String, width: Int) {
    var text = ""
    var used = 0
    var isCode = false
    var isColoured = false
    for character in self {
      if isCode || character == "\u{1B}" {
        isCode = character == "\u{1B}" || !character.isLetter
        isColoured = true
        text.append(character)
        continue
      }
      let next = used + String(character).displayWidth
      if next > width { return (isColoured ? text + "\u{1B}[0m" : text, used) }
      used = next
      text.append(character)
    }
    return (text, used)
  }

  /// How many columns a line with ANSI colours takes.
  package var styledWidth: Int { clipped(to: .max).width }

  /// A line with ANSI colours, as light on dark where it was dark on light, over `width` columns.
  package func reversed(over width: Int) -> String {
    let (text, used) = clipped(to: width)
    return "\u{1B}[7m" + text.replacing("\u{1B}[0m", with: "\u{1B}[0;7m")
      + String(repeating: " ", count: width - used) + "\u{1B}[0m"
  }
}
