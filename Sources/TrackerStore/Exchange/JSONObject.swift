/// The members of a JSON object (RFC 8259) whose values are not arrays or objects; those are passed over.
///
/// `NaN`, `Infinity` and `-Infinity`, which Python's `json` writes, are read too.
package struct JSONObject: Hashable, Sendable {
  /// A value that is not made of others.
  package enum Scalar: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// A number without a point or an exponent that an `Int64` holds; `-0` is a real.
    case integer(Int64)
    case real(Double)
    case text(String)
  }

  /// A key and its value.
  package struct Member: Hashable, Sendable {
    package var key: String
    package var value: Scalar
  }

  /// The members in their order; a key may come more than once.
  package var members: [Member] = []

  /// Reads a whole text; `nil` if it is not a JSON object.
  package init?(_ text: some Collection<UInt8>) {
    // Most lines of most programs are none: that is seen without a copy.
    guard let first = text.first(where: { !JSONScanner.isSpace($0) }), first == UInt8(ascii: "{")
    else { return nil }
    let bytes = Array(text)
    var scanner = JSONScanner(bytes)
    guard scanner.wholeObject({ members.append(Member(key: $0, value: $1)) }) else { return nil }
  }

  /// The value of the first member of this key.
  package subscript(key: String) -> Scalar? { members.first { $0.key == key }?.value }
}

/// Reads a JSON text for the members of its outermost object.
private struct JSONScanner {
  /// Values nest at most this deep, so that no line can exhaust the stack.
  static let depthLimit = 64

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  mutating func wholeObject(_ member: (String, JSONObject.Scalar) -> Void) -> Bool {
    skipSpace()
    guard object(depth: 0, member: member) else { return false }
    skipSpace()
    return position == bytes.count
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

  private mutating func object(
    depth: Int, member: (String, JSONObject.Scalar) -> Void
  ) -> Bool {
    guard depth < Self.depthLimit, take("{") else { return false }
    skipSpace()
    if take("}") { return true }
    repeat {
      skipSpace()
      guard let key = string() else { return false }
      skipSpace()
      guard take(":"), let value = value(depth: depth + 1) else { return false }
      if case .scalar(let scalar) = value { member(key, scalar) }
      skipSpace()
    } while take(",")
    return take("}")
  }

  private enum Value {
    case scalar(JSONObject.Scalar)
    case nested
  }

  private mutating func value(depth: Int) -> Value? {
    skipSpace()
    guard position < bytes.count else { return nil }
    switch bytes[position] {
    case UInt8(ascii: "{"): return object(depth: depth, member: { _, _ in }) ? .nested : nil
    case UInt8(ascii: "["): return array(depth: depth) ? .nested : nil
    case UInt8(ascii: "\""): return string().map { .scalar(.text($0)) }
    default:
      if take(word: "true") { return .scalar(.boolean(true)) }
      if take(word: "false") { return .scalar(.boolean(false)) }
      if take(word: "null") { return .scalar(.null) }
      if take(word: "NaN") { return .scalar(.real(.nan)) }
      if take(word: "Infinity") { return .scalar(.real(.infinity)) }
      if take(word: "-Infinity") { return .scalar(.real(-.infinity)) }
      return number().map(Value.scalar)
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

  private mutating func number() -> JSONObject.Scalar? {
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
    return JSONObject.Scalar(number: String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\""),
      bytes[position] != UInt8(ascii: "\\"), bytes[position] >= 0x20
    {
      position += 1
    }
    var result = Array(bytes[start..<position])
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

extension JSONObject.Scalar {
  /// A number as it is written: without a point and an exponent it is an integer, if one can hold it.
  init?(number text: String) {
    let isWhole = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
    if isWhole, text != "-0", let value = Int64(text) {
      self = .integer(value)
    } else if let value = Double(text) {
      self = .real(value)
    } else {
      return nil
    }
  }
}
