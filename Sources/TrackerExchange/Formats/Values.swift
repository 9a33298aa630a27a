import TrackerJSON
import TrackerStore

/// How the numbers and times of other programs are read.
enum ForeignValue {
  /// A number as Python, JSON, JavaScript or C writes it: `1e-3`, `nan`, `-inf`, `Infinity`.
  static func number(_ text: some StringProtocol) -> Double? {
    if let first = text.utf8.first, first < 0x3A, let value = Double(text) { return value }
    return switch text.lowercased() {
    case "nan", "+nan", "-nan": .nan
    case "inf", "+inf", "infinity", "+infinity": .infinity
    case "-inf", "-infinity": -.infinity
    default: nil
    }
  }

  /// The value of a metric; `nil` for what is none.
  static func number(_ value: JSONValue?) -> Double? {
    switch value {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .boolean(let value): value ? 1 : 0
    case .string(let text): ["NaN", "Infinity", "-Infinity"].contains(text) ? number(text) : nil
    case .null, .array, .object, nil: nil
    }
  }

  /// A list of numbers; `nil` for what is none.
  static func numbers(_ value: JSONValue?) -> [Double]? {
    guard case .array(let values)? = value else { return nil }
    let numbers = values.compactMap { number($0) }
    return numbers.count == values.count ? numbers : nil
  }

  /// A whole number, also where it is written as `3.0`.
  static func whole(_ value: JSONValue?) -> Int64? {
    switch value {
    case .integer(let value): value
    case .number(let value): Int64(exactly: value)
    default: nil
    }
  }

  /// The parameters of a nested configuration: `{"a": {"b": 1}}` is `a.b`. A list is its JSON.
  static func parameters(_ value: JSONValue, key: String = "") -> [(String, ParameterValue)] {
    switch value {
    case .null: return [(key, .text("null"))]
    case .boolean(let value): return [(key, .boolean(value))]
    case .integer(let value): return [(key, .integer(value))]
    case .number(let value): return [(key, .real(value))]
    case .string(let text): return [(key, .text(text))]
    case .array: return [(key, .text(value.compact))]
    case .object(let members):
      if members.isEmpty, !key.isEmpty { return [(key, .text("{}"))] }
      return members.flatMap {
        parameters($0.value, key: key.isEmpty ? $0.key : "\(key).\($0.key)")
      }
    }
  }

  /// A moment from seconds since 1970; `nil` where it is out of all bounds.
  static func time(seconds: Double) -> Timestamp? {
    Int64(exactly: (seconds * 1000).rounded()).flatMap(time(milliseconds:))
  }

  /// A moment from milliseconds since 1970; `nil` outside the years 1 to 9999, which no run is of.
  static func time(milliseconds: Int64) -> Timestamp? {
    (-62_135_596_800_000...253_402_300_799_999).contains(milliseconds)
      ? Timestamp(milliseconds: milliseconds) : nil
  }

  /// A moment in ISO 8601, such as `2024-05-01T10:00:00.123456+02:00`; without an offset it is UTC.
  static func time(_ text: some StringProtocol) -> Timestamp? {
    var scanner = DigitScanner(text.utf8)
    guard let year = scanner.number(4), scanner.take("-"), let month = scanner.number(2),
      scanner.take("-"), let day = scanner.number(2), (1...12).contains(month),
      (1...31).contains(day)
    else { return nil }
    var seconds = days(year, month, day) * 86_400
    var milliseconds: Int64 = 0
    if scanner.take("T") || scanner.take(" ") {
      guard let hour = scanner.number(2), scanner.take(":"), let minute = scanner.number(2) else {
        return nil
      }
      seconds += Int64(hour * 3600 + minute * 60)
      if scanner.take(":") {
        guard let second = scanner.number(2) else { return nil }
        seconds += Int64(second)
        if scanner.take(".") || scanner.take(",") { milliseconds = scanner.fraction() }
      }
    }
    if scanner.take("Z") {
    } else if case let isWest = scanner.take("-"), isWest || scanner.take("+") {
      guard let hours = scanner.number(2) else { return nil }
      _ = scanner.take(":")
      let offset = Int64(hours * 3600 + (scanner.number(2) ?? 0) * 60)
      seconds += isWest ? offset : -offset
    }
    guard scanner.isAtEnd else { return nil }
    return time(milliseconds: seconds * 1000 + milliseconds)
  }

  /// Days from 1970-01-01 in the Gregorian calendar (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Int64(era * 146_097 + dayOfEra - 719_468)
  }
}

/// Reads digits from a text.
private struct DigitScanner {
  // Bytes of its own: a generic collection costs several times as much for each digit.
  private let bytes: [UInt8]
  private var index = 0

  init(_ text: some Sequence<UInt8>) { bytes = Array(text) }

  var isAtEnd: Bool { index == bytes.count }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  /// A number of exactly so many digits.
  mutating func number(_ digits: Int) -> Int? {
    guard bytes.count - index >= digits else { return nil }
    var value = 0
    for byte in bytes[index..<index + digits] {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int(byte) - 0x30
    }
    index += digits
    return value
  }

  /// The milliseconds of a fraction of a second with any number of digits.
  mutating func fraction() -> Int64 {
    var (value, scale): (Int64, Int64) = (0, 100)
    while index < bytes.count, (0x30...0x39).contains(bytes[index]) {
      value += scale * Int64(bytes[index] - 0x30)
      scale /= 10
      index += 1
    }
    return value
  }
}
