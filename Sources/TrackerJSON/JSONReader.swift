/// What is wrong with a text that should be JSON, and where.
package struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The place, in bytes from the start.
  package let offset: Int
  /// What was expected there.
  package let message: String

  /// The message with its place.
  package var description: String { "\(message), at byte \(offset + 1)" }
}

extension JSONValue {
  /// Reads one whole JSON text (RFC 8259).
  ///
  /// `NaN`, `Infinity` and `-Infinity`, which Python's `json` writes, are numbers. A number without a point
  /// and an exponent is an ``integer(_:)`` where an `Int64` holds it; `-0` is a ``number(_:)``. Members
  /// keep their order, and a key may come more than once. Values nest at most 512 deep, so that no text
  /// exhausts the stack.
  ///
  /// - Throws: ``JSONSyntaxError``
  package init(parsing text: some Sequence<UInt8>) throws(JSONSyntaxError) {
    let bytes = ContiguousArray(text)
    var result = Result<JSONValue, JSONSyntaxError>.success(.null)
    bytes.withUnsafeBufferPointer { bytes in
      var reader = JSONReader(bytes)
      do throws(JSONSyntaxError) { result = .success(try reader.wholeText()) } catch {
        result = .failure(error)
      }
    }
    self = try result.get()
  }

  /// Reads one whole JSON text.
  ///
  /// - Throws: ``JSONSyntaxError``
  package init(parsing text: some StringProtocol) throws(JSONSyntaxError) {
    try self.init(parsing: text.utf8)
  }

  /// The value of the first member of this key; `nil` where there is none, and of what is not an object.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }
}

/// Reads values from bytes.
private struct JSONReader {
  static let depthLimit = 512

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func wholeText() throws(JSONSyntaxError) -> JSONValue {
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw expected("the end") }
    return value
  }

  private func expected(_ what: String) -> JSONSyntaxError {
    JSONSyntaxError(offset: position, message: "expected \(what)")
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
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

  private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    guard depth < Self.depthLimit else { throw expected("values that nest less deeply") }
    skipSpace()
    guard position < bytes.count else { throw expected("a value") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    default:
      if take(word: "true") { return .boolean(true) }
      if take(word: "false") { return .boolean(false) }
      if take(word: "null") { return .null }
      if take(word: "NaN") { return .number(.nan) }
      if take(word: "Infinity") { return .number(.infinity) }
      if take(word: "-Infinity") { return .number(-.infinity) }
      return try number()
    }
  }

  private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    position += 1
    var members: [JSONValue.Member] = []
    skipSpace()
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      let key = try string()
      skipSpace()
      guard take(":") else { throw expected("a colon") }
      members.append(JSONValue.Member(key: key, value: try value(depth: depth + 1)))
      skipSpace()
    } while take(",")
    guard take("}") else { throw expected("a comma or the end of the object") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    position += 1
    var values: [JSONValue] = []
    skipSpace()
    if take("]") { return .array(values) }
    repeat {
      values.append(try value(depth: depth + 1))
      skipSpace()
    } while take(",")
    guard take("]") else { throw expected("a comma or the end of the array") }
    return .array(values)
  }

  private mutating func number() throws(JSONSyntaxError) -> JSONValue {
    let start = position
    var isWhole = true
    if take("-") {}
    guard position < bytes.count, (0x30...0x39).contains(bytes[position]) else {
      position = start
      throw expected("a value")
    }
    loop: while position < bytes.count {
      switch bytes[position] {
      case 0x30...0x39: break
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"),
        UInt8(ascii: "-"):
        isWhole = false
      default: break loop
      }
      position += 1
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, text != "-0", let value = Int64(text) { return .integer(value) }
    guard let value = Double(text) else {
      position = start
      throw expected("a number")
    }
    return .number(value)
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    guard take("\"") else { throw expected("a text in quotes") }
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\""),
      bytes[position] != UInt8(ascii: "\\"), bytes[position] >= 0x20
    {
      position += 1
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
      defer { position += 1 }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }
    var result = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: result, as: UTF8.self)
      case UInt8(ascii: "\\"): result.append(contentsOf: String(Character(try escape())).utf8)
      case 0..<0x20:
        position -= 1
        throw expected("a text without control characters")
      default: result.append(byte)
      }
    }
    throw expected("the end of a text")
  }

  /// What follows a backslash; surrogates come in pairs, and one alone is U+FFFD.
  private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
    guard position < bytes.count else { throw expected("an escape") }
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
      let high = try hexadecimal()
      guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) ?? "\u{FFFD}" }
      let place = position
      if take("\\"), take("u"), case let low = try hexadecimal(), (0xDC00..<0xE000).contains(low) {
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
      }
      position = place
      return "\u{FFFD}"
    default:
      position -= 1
      throw expected("an escape")
    }
  }

  private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
    guard position + 4 <= bytes.count else { throw expected("four hexadecimal digits") }
    var value: UInt32 = 0
    for byte in bytes[position..<position + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw expected("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    position += 4
    return value
  }
}
