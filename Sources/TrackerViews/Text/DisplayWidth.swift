import TrackerJSON

extension String {
  /// The text with everything that would disturb a terminal or hide something shown as an escape:
  /// control characters, newlines, bidirectional overrides and other invisible characters.
  ///
  /// `two\nlines` is shown as `two\\nlines`; a right-to-left override as `\u{202e}`.
  package var visible: String {
    if !self[...].hasInvisible, !utf8.contains(UInt8(ascii: "\n")) { return self }
    var text = ""
    for character in self {
      // The joiners inside an emoji or a script's cluster are not deceit; alone they are.
      let isCluster = character.unicodeScalars.contains { !$0.isInvisible }
      for scalar in character.unicodeScalars {
        if scalar.isInvisible && !(isCluster && scalar.isJoiner) {
          text += scalar.escape
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
    return text
  }

  /// How many columns of a terminal the text takes: two for East Asian wide characters and emoji,
  /// none for combining marks.
  package var displayWidth: Int {
    if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
    return reduce(0) { $0 + $1.displayWidth }
  }

  /// The text in at most `width` columns: its beginning and its end with `…` between them.
  package func abbreviated(to width: Int) -> String {
    let own = displayWidth
    if own <= width { return self }
    if width <= 1 { return width == 1 ? "…" : "" }
    // A little more of the beginning than of the end: both tell names apart.
    let head = prefix(columns: width / 2)
    let tail = suffix(columns: width - 1 - head.displayWidth)
    return head + "…" + tail
  }

  /// The text with spaces after it, to `width` columns.
  package func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - displayWidth))
  }

  /// The text with spaces before it, to `width` columns.
  package func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - displayWidth)) + self
  }

  /// The text broken at spaces into lines of at most `width` columns; longer words are cut.
  package func wrapped(to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in split(separator: " ") {
      var word = String(word)
      if !line.isEmpty && line.displayWidth + 1 + word.displayWidth > width {
        lines.append(line)
        line = ""
      }
      while word.displayWidth > width && line.isEmpty {
        let head = word.prefix(columns: max(2, width))
        guard head.count < word.count else { break }
        lines.append(head)
        word = String(word.dropFirst(head.count))
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return line.isEmpty ? lines : lines + [line]
  }

  private func prefix(columns: Int) -> String {
    var used = 0
    return String(
      prefix {
        used += $0.displayWidth
        return used <= columns
      })
  }

  private func suffix(columns: Int) -> String {
    String(String(reversed()).prefix(columns: columns).reversed())
  }
}

extension Character {
  fileprivate var displayWidth: Int {
    let scalars = unicodeScalars
    // U+FE0F asks for the emoji's picture, which is wide.
    if scalars.contains("\u{FE0F}") && scalars.first?.properties.isEmoji == true {
      return scalars.first.map { $0.isASCII && scalars.count == 2 ? 1 : 2 } ?? 0
    }
    return scalars.reduce(0) { max($0, $1.displayWidth) }
  }
}

extension Unicode.Scalar {
  fileprivate var displayWidth: Int {
    if isASCII { return 1 }
    if properties.isEmojiPresentation || isWide { return 2 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return 1
    }
  }

  /// East Asian Width W or F, after Unicode's EastAsianWidth.txt, unassigned gaps filled.
  private var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
      0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }

  fileprivate var isJoiner: Bool { value == 0x200C || value == 0x200D || isEmojiTag }

  private var isEmojiTag: Bool { value >= 0xE0020 && value <= 0xE007F }

  fileprivate var escape: String {
    switch self {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{" + String(value, radix: 16) + "}"
    }
  }
}
