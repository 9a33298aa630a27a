/// Takes what only steers a terminal out of a line: colours, titles, links, backspaces.
enum PlainText {
  private static let escape: UInt8 = 0x1B
  private static let backspace: UInt8 = 0x08

  /// The line without control sequences (ECMA-48: CSI, the strings OSC, DCS, SOS, PM and APC, and escapes of two
  /// characters) and without backspaces.
  static func of(_ line: [UInt8]) -> [UInt8] {
    guard line.contains(where: { $0 == escape || $0 == backspace }) else { return line }
    var text: [UInt8] = []
    text.reserveCapacity(line.count)
    var position = 0
    while position < line.count {
      let byte = line[position]
      position += 1
      if byte == backspace { continue }
      guard byte == escape, position < line.count else {
        if byte != escape { text.append(byte) }
        continue
      }
      let kind = line[position]
      position += 1
      switch kind {
      case UInt8(ascii: "["):
        while position < line.count, (0x20...0x3F).contains(line[position]) { position += 1 }
        if position < line.count, (0x40...0x7E).contains(line[position]) { position += 1 }
      case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"),
        UInt8(ascii: "_"):
        position = endOfString(line, position)
      case 0x20...0x2F:
        // Such as a choice of characters, ESC ( B.
        while position < line.count, (0x20...0x2F).contains(line[position]) { position += 1 }
        position = min(position + 1, line.count)
      default: break
      }
    }
    return text
  }

  /// Behind the BEL or ESC \ that ends a string; where nothing ends it, where it began: the rest is text after all.
  private static func endOfString(_ line: [UInt8], _ start: Int) -> Int {
    var position = start
    while position < line.count {
      if line[position] == 0x07 { return position + 1 }
      if line[position] == escape {
        let isEnd = position + 1 < line.count && line[position + 1] == UInt8(ascii: "\\")
        return isEnd ? position + 2 : position
      }
      position += 1
    }
    return start
  }
}
