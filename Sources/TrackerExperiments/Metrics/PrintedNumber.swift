/// A number as programs print it.
enum PrintedNumber {
  /// The number at `start` of a line, with a sign, a point, an exponent; also `nan`, `inf` and `infinity` in letters of
  /// either case.
  ///
  /// - Returns: its value and where it ends; `nil` if there is none
  static func read(_ line: [UInt8], at start: Int) -> (value: Double, end: Int)? {
    var position = start
    if position < line.count,
      line[position] == UInt8(ascii: "-") || line[position] == UInt8(ascii: "+")
    {
      position += 1
    }
    for word in ["infinity", "inf", "nan"] where matches(word, in: line, at: position) {
      let value: Double = word == "nan" ? .nan : .infinity
      let end = position + word.utf8.count
      // `information` is not a number.
      guard end == line.count || !isWordByte(line[end]) else { return nil }
      return (line[start] == UInt8(ascii: "-") ? -value : value, end)
    }
    let whole = digits(line, &position)
    var fraction = 0
    if position < line.count, line[position] == UInt8(ascii: ".") {
      var after = position + 1
      fraction = digits(line, &after)
      if whole + fraction > 0, fraction > 0 || !isWordByte(line, after) { position = after }
    }
    guard whole + fraction > 0 else { return nil }
    if position < line.count, line[position] | 0x20 == UInt8(ascii: "e") {
      var after = position + 1
      if after < line.count, line[after] == UInt8(ascii: "-") || line[after] == UInt8(ascii: "+") {
        after += 1
      }
      if digits(line, &after) > 0 { position = after }
    }
    var text = String(decoding: line[start..<position], as: UTF8.self)
    // A point at the end is more likely one of a sentence, and changes nothing.
    if text.hasSuffix(".") { text.removeLast() }
    return Double(text).map { ($0, position) }
  }

  /// Whether a byte is part of a word: a letter, also one beyond ASCII, a digit or an underscore.
  static func isWordByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLetter(byte)
  }

  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  static func isLetter(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  private static func isWordByte(_ line: [UInt8], _ position: Int) -> Bool {
    position < line.count && isWordByte(line[position])
  }

  private static func digits(_ line: [UInt8], _ position: inout Int) -> Int {
    let start = position
    while position < line.count, isDigit(line[position]) { position += 1 }
    return position - start
  }

  private static func matches(_ word: String, in line: [UInt8], at position: Int) -> Bool {
    line.count - position >= word.utf8.count
      && zip(word.utf8, line[position...]).allSatisfy { $0 == $1 | 0x20 }
  }
}
