/// A line of output that is a JSON object of numbers, as other programs print their progress:
/// `{"step": 3, "cost": 0.41}`.
///
/// Numbers count, and so do `NaN` and `Infinity` as Python's `json` writes them and the texts `"NaN"`,
/// `"Infinity"` and `"-Infinity"`. Other values are passed over.
package struct MetricLine: Hashable, Sendable {
  /// The values by key, without the step, in the order they stand.
  package var values: [(key: String, value: Double)]
  /// `step`, else `epoch`, if either is there and a whole number.
  package var step: Int64?

  /// Reads a line; `nil` if it is no JSON object, which is the case for most lines of most programs.
  package init?(_ line: some Collection<UInt8>) {
    guard let first = line.first(where: { !JSONScanner.isSpace($0) }), first == UInt8(ascii: "{")
    else { return nil }
    var scanner = JSONScanner(Array(line))
    guard let members = scanner.numbersOfWholeText() else { return nil }
    values = []
    var epoch: Int64?
    for (key, value) in members {
      switch key {
      case "step": step = Int64(exactly: value)
      case "epoch": epoch = Int64(exactly: value)
      default: values.append((key, value))
      }
    }
    if let epoch, step == nil {
      step = epoch
    } else if let epoch {
      values.append(("epoch", Double(epoch)))
    }
  }

  package static func == (a: MetricLine, b: MetricLine) -> Bool {
    a.step == b.step
      && a.values.elementsEqual(b.values) {
        $0.key == $1.key && $0.value.bitPattern == $1.value.bitPattern
      }
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(step) }
}

/// Reads a JSON text (RFC 8259) for the numbers of its outermost object, and skips the rest.
private struct JSONScanner {
  /// Values nest at most this deep, so that no line can exhaust the stack.
  static let depthLimit = 64

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  mutating func numbersOfWholeText() -> [(String, Double)]? {
    var members: [(String, Double)] = []
    skipSpace()
    guard object(depth: 0, member: { key, value in members.append((key, value)) }) else {
      return nil
    }
    skipSpace()
    return position == bytes.count ? members : nil
  }

  private mutating func skipSpace() {
    while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func take(word: StaticString) -> Bool {
    word.withUTF8Buffer { word in
      guard bytes[position...].starts(with: word) else { return false }
      position += word.count
      return true
    }
  }

  private mutating func object(depth: Int, member: (String, Double) -> Void) -> Bool {
    guard depth < Self.depthLimit, take("{") else { return false }
    skipSpace()
    if take("}") { return true }
    repeat {
      skipSpace()
      guard let key = string() else { return false }
      skipSpace()
      guard take(":") else { return false }
      guard let value = value(depth: depth + 1) else { return false }
      if case .number(let number) = value { member(key, number) }
      skipSpace()
    } while take(",")
    return take("}")
  }

  private enum Value {
    case number(Double)
    case other
  }

  private mutating func value(depth: Int) -> Value? {
    skipSpace()
    guard position < bytes.count else { return nil }
    switch bytes[position] {
    case UInt8(ascii: "{"):
      return object(depth: depth, member: { _, _ in }) ? .other : nil
    case UInt8(ascii: "["):
      return array(depth: depth) ? .other : nil
    case UInt8(ascii: "\""):
      guard let text = string() else { return nil }
      switch text {
      case "NaN": return .number(.nan)
      case "Infinity": return .number(.infinity)
      case "-Infinity": return .number(-.infinity)
      default: return .other
      }
    default:
      if take(word: "true") || take(word: "false") || take(word: "null") { return .other }
      if take(word: "NaN") { return .number(.nan) }
      if take(word: "Infinity") { return .number(.infinity) }
      if take(word: "-Infinity") { return .number(-.infinity) }
      return number().map(Value.number)
    }
  }

  private mutating func array(depth: Int) -> Bool {
    guard depth < Self.depthLimit, take("[") else { return false }
    skipSpace()
    if take("]") { return true }
    repeat {
      guard value(depth: depth + 1) != nil else { return false }
      skipSpace()
    } while take(",")
    return take("]")
  }

  private mutating func number() -> Double? {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: ","),
      bytes[position] != UInt8(ascii: "}"), bytes[position] != UInt8(ascii: "]"),
      !Self.isSpace(bytes[position])
    {
      position += 1
    }
    guard start < position,
      bytes[start] == UInt8(ascii: "-") || (0x30...0x39).contains(bytes[start])
    else { return nil }
    return Double(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    var result: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: result, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        result.append(contentsOf: String(Character(scalar)).utf8)
      case 0..<0x20: return nil
      default: result.append(byte)
      }
    }
    return nil
  }

  /// What follows a backslash; surrogates come in pairs.
  private mutating func escape() -> Unicode.Scalar? {
    guard position < bytes.count else { return nil }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let high = hexadecimal() else { return nil }
      guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) }
      guard take("\\"), take("u"), let low = hexadecimal(), (0xDC00..<0xE000).contains(low) else {
        return nil
      }
      return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    default: return nil
    }
  }

  private mutating func hexadecimal() -> UInt32? {
    guard position + 4 <= bytes.count else { return nil }
    let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
    position += 4
    guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit) else { return nil }
    return UInt32(digits, radix: 16)
  }
}
