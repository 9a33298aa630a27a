import TrackerStore

/// The values of a JSON object or a Python dictionary that a program printed: `{"step": 3, "loss": 0.41}`,
/// `{'loss': 0.5, 'epoch': 1.0}`.
///
/// It may stand behind a prefix (`INFO:root:`, `[rank 0]`) and before a remark. Numbers count; truth values are 0 and 1;
/// what is nested has the keys `a.b`; lists and other texts are passed over. Numbers that Python prints with their type,
/// `np.float32(0.5)` or `tensor(0.5, device='cuda:0')`, are read too, and so are texts between Python's single quotes
/// that are numbers, as Hugging Face's trainer prints them, and JSON's where their name says what is measured, as fairseq
/// prints them. What is said to be settings (`parameters: {'alpha': 0.5}`) is none.
struct PrintedObject: Hashable {
  struct Member: Hashable {
    var key: String
    var value: Double
    /// The value, if the program printed it without a fraction or with none but zeros, and a number may be a step.
    var whole: Int64?

    init(_ key: String, _ value: Double, whole: Int64? = nil) {
      self.key = key
      self.value = value
      self.whole = whole
    }

    static func == (a: Member, b: Member) -> Bool {
      a.key == b.key && a.value.bitPattern == b.value.bitPattern && a.whole == b.whole
    }

    func hash(into hasher: inout Hasher) { hasher.combine(key) }
  }

  /// The values in the order they stand; a key may come more than once.
  var members: [Member]

  /// All objects of a line, one after the other.
  static func all(in line: [UInt8]) -> [PrintedObject] {
    guard line.contains(UInt8(ascii: "{")) else { return [] }
    var objects: [PrintedObject] = []
    // Inside braces that are not object nothing is one: it would be a part of something that is not understood.
    var depth = 0
    var position = 0
    while position < line.count {
      if line[position] == UInt8(ascii: "{") {
        if depth == 0 {
          var scanner = ObjectScanner(line, position: position)
          if let members = scanner.outermost() {
            if !isOfSettings(line, position) { objects.append(PrintedObject(members: members)) }
            position = scanner.position
            continue
          }
        }
        depth += 1
      } else if line[position] == UInt8(ascii: "}"), depth > 0 {
        depth -= 1
      }
      position += 1
    }
    return objects
  }

  /// Words that say that what follows is what a program was told, not what it measured.
  private static let settings: Set = [
    "parameters", "params", "hyperparameters", "hyperparams", "hparams", "config", "configuration",
    "cfg", "settings", "options", "args", "arguments", "kwargs",
  ]

  /// Whether the word before an object says that it holds settings: `and parameters: {`, `best_params={`.
  private static func isOfSettings(_ line: [UInt8], _ start: Int) -> Bool {
    let before = line[..<start]
    let signs = before.reversed().prefix { " \t:=>-".utf8.contains($0) }
    let word = before.dropLast(signs.count).reversed().prefix {
      PrintedNumber.isLetter($0) && $0 != UInt8(ascii: "_")
    }
    return settings.contains(String(decoding: word.reversed(), as: UTF8.self).lowercased())
  }
}

/// Reads one object; RFC 8259 and what Python's `repr` makes of dictionaries.
private struct ObjectScanner {
  /// Values nest at most this deep, so that no line can exhaust the stack.
  static let depthLimit = 64

  private let bytes: [UInt8]
  private(set) var position: Int
  private var members: [PrintedObject.Member] = []

  init(_ bytes: [UInt8], position: Int) {
    self.bytes = bytes
    self.position = position
  }

  mutating func outermost() -> [PrintedObject.Member]? {
    object(prefix: "", depth: 0) ? members : nil
  }

  /// A value, as far as it counts.
  private enum Value {
    case number(Double, whole: Int64?)
    case boolean(Bool)
    case text(String, isPython: Bool)
    /// Whatever has no number.
    case other
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func object(prefix: String, depth: Int) -> Bool {
    guard depth < Self.depthLimit, take("{") else { return false }
    skipSpace()
    if take("}") { return true }
    repeat {
      skipSpace()
      guard let name = key() else { return false }
      skipSpace()
      guard take(":") else { return false }
      skipSpace()
      let path = prefix + name
      if next == UInt8(ascii: "{") {
        guard object(prefix: path + ".", depth: depth + 1) else { return false }
      } else {
        guard let value = value(depth: depth + 1) else { return false }
        switch value {
        case .number(let value, let whole): members.append(.init(path, value, whole: whole))
        case .boolean(let value): members.append(.init(path, value ? 1 : 0))
        case .text(let text, let isPython):
          if let member = Self.member(path, text, isPython: isPython) { members.append(member) }
        case .other: break
        }
      }
      skipSpace()
    } while take(",")
    return take("}")
  }

  /// A text that stands for a number.
  private static func member(
    _ key: String, _ text: String, isPython: Bool
  ) -> PrintedObject.Member? {
    switch text {
    case "NaN": return .init(key, .nan)
    case "Infinity": return .init(key, .infinity)
    case "-Infinity": return .init(key, -.infinity)
    case "nan" where isPython: return .init(key, .nan)
    case "inf" where isPython: return .init(key, .infinity)
    case "-inf" where isPython: return .init(key, -.infinity)
    default:
      guard isPython || StepRule.isKey(key) || KnownMetric(key).isMeasurement else { return nil }
      switch ParameterValue(typed: text) {
      case .integer(let value): return .init(key, Double(value), whole: value)
      case .real(let value): return .init(key, value, whole: Int64(exactly: value))
      case .text, .boolean: return nil
      }
    }
  }

  private mutating func key() -> String? {
    if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") { return string() }
    // Python's dictionaries may count their values.
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    while let byte = next, PrintedNumber.isDigit(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    return Int64(text) == nil ? nil : text
  }

  private mutating func value(depth: Int) -> Value? {
    guard depth < Self.depthLimit, let byte = next else { return nil }
    switch byte {
    case UInt8(ascii: "{"):
      // Inside a list: it is passed over.
      let kept = members
      defer { members = kept }
      return object(prefix: "", depth: depth) ? .other : nil
    case UInt8(ascii: "["): return list(until: "]", depth: depth) ? .other : nil
    case UInt8(ascii: "("): return list(until: ")", depth: depth) ? .other : nil
    case UInt8(ascii: "\""): return string().map { .text($0, isPython: false) }
    case UInt8(ascii: "'"): return string().map { .text($0, isPython: true) }
    case UInt8(ascii: "<"):
      // How Python shows what has no other form, <function f at 0x7f>.
      guard let end = bytes[position...].firstIndex(of: UInt8(ascii: ">")) else { return nil }
      position = end + 1
      return .other
    case UInt8(ascii: "-"), 0x30...0x39: return number()
    default: return PrintedNumber.isLetter(byte) ? word(depth: depth) : nil
    }
  }

  private mutating func list(until end: Unicode.Scalar, depth: Int) -> Bool {
    position += 1
    skipSpace()
    if take(end) { return true }
    repeat {
      skipSpace()
      // A tuple of one value ends with a comma.
      if end == ")", take(end) { return true }
      guard value(depth: depth + 1) != nil else { return false }
      skipSpace()
    } while take(",")
    return take(end)
  }

  private mutating func word(depth: Int) -> Value? {
    let start = position
    while let byte = next, PrintedNumber.isWordByte(byte) || byte == UInt8(ascii: ".") {
      position += 1
    }
    let name = String(decoding: bytes[start..<position], as: UTF8.self)
    switch name {
    case "true", "True": return .boolean(true)
    case "false", "False": return .boolean(false)
    case "null", "None": return .other
    case "NaN", "nan": return .number(.nan, whole: nil)
    case "Infinity", "inf": return .number(.infinity, whole: nil)
    default:
      if next == UInt8(ascii: "'") || next == UInt8(ascii: "\"") {
        // b'bytes', u'text'.
        return name.utf8.count == 1 && string() != nil ? .other : nil
      }
      return next == UInt8(ascii: "(") ? call(depth: depth) : nil
    }
  }

  /// What stands between the parentheses of `np.float32(0.5)`, if that is one value, and names for others.
  private mutating func call(depth: Int) -> Value? {
    guard depth < Self.depthLimit, take("(") else { return nil }
    var found: Value?
    var count = 0
    skipSpace()
    if take(")") { return .other }
    repeat {
      skipSpace()
      let start = position
      while let byte = next, PrintedNumber.isWordByte(byte) { position += 1 }
      let isNamed = start < position && take("=")
      if !isNamed { position = start }
      if isNamed, takeBareName() {
        skipSpace()
        continue
      }
      guard let value = value(depth: depth + 1) else { return nil }
      if !isNamed {
        found = value
        count += 1
      }
      skipSpace()
    } while take(",")
    guard take(")") else { return nil }
    return count == 1 ? found : .other
  }

  /// Takes a word that is not a value of its own, such as `float32` in `dtype=float32`.
  private mutating func takeBareName() -> Bool {
    let start = position
    while let byte = next, PrintedNumber.isWordByte(byte) || byte == UInt8(ascii: ".") {
      position += 1
    }
    if start < position, PrintedNumber.isLetter(bytes[start]), next != UInt8(ascii: "("),
      next != UInt8(ascii: "'"), next != UInt8(ascii: "\"")
    {
      return true
    }
    position = start
    return false
  }

  private mutating func number() -> Value? {
    let start = position
    if take("-"), let byte = next, PrintedNumber.isLetter(byte) {
      guard let value = word(depth: Self.depthLimit), case .number(let number, _) = value else {
        return nil
      }
      return .number(-number, whole: nil)
    }
    let wholeStart = position
    digits()
    guard wholeStart < position else { return nil }
    var isWhole = true
    if take(".") {
      isWhole = false
      let fraction = position
      digits()
      guard fraction < position else { return nil }
    }
    if take("e") || take("E") {
      isWhole = false
      if !take("-") { _ = take("+") }
      let exponent = position
      digits()
      guard exponent < position else { return nil }
    }
    if let byte = next, PrintedNumber.isWordByte(byte) { return nil }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text) else { return nil }
    return .number(value, whole: isWhole ? Int64(text) : Int64(exactly: value))
  }

  private mutating func digits() {
    while let byte = next, PrintedNumber.isDigit(byte) { position += 1 }
  }

  private mutating func string() -> String? {
    guard let quote = next else { return nil }
    position += 1
    let start = position
    while let byte = next, byte != quote, byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
    var result = Array(bytes[start..<position])
    while let byte = next {
      position += 1
      switch byte {
      case quote: return String(decoding: result, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        result.append(contentsOf: String(Character(scalar)).utf8)
      case 0..<0x20: return nil
      default: result.append(byte)
      }
    }
    return nil
  }

  /// What follows a backslash, in JSON and in Python; surrogates come in pairs.
  private mutating func escape() -> Unicode.Scalar? {
    guard let byte = next else { return nil }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "x"): return hexadecimal(2).flatMap(Unicode.Scalar.init)
    case UInt8(ascii: "U"): return hexadecimal(8).flatMap(Unicode.Scalar.init)
    case UInt8(ascii: "u"):
      guard let high = hexadecimal(4) else { return nil }
      guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) }
      guard take("\\"), take("u"), let low = hexadecimal(4), (0xDC00..<0xE000).contains(low) else {
        return nil
      }
      return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    default: return nil
    }
  }

  private mutating func hexadecimal(_ count: Int) -> UInt32? {
    guard position + count <= bytes.count else { return nil }
    var value: UInt32 = 0
    for byte in bytes[position..<position + count] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      value = value &<< 4 | UInt32(digit)
    }
    position += count
    return value
  }
}
