import TrackerSystem

/// Reads the parts of a line of JSON (RFC 8259) one by one, with `NaN`, `Infinity` and `-Infinity` as Python writes
/// them, and makes no values of what is only passed through.
///
/// The line ends with its newline, which is part of no value: so no step needs to ask where the end is.
struct LineReader {

  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position = 0

  /// - Parameter line: a line with its newline
  init(_ line: UnsafeBufferPointer<UInt8>) {
    precondition(line.last == UInt8(ascii: "\n"), "a line ends with its newline")
    bytes = line
  }

  /// The byte that comes next.
  var next: UInt8 { bytes[position] }

  mutating func skipSpace() {
    while next == 0x20 || next == 0x09 || next == 0x0D { position += 1 }
  }

  /// Steps over `text`, if it comes next.
  mutating func take(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard position + count < bytes.count, let start = bytes.baseAddress,
      memcmp(start + position, text.utf8Start, count) == 0
    else { return false }
    position += count
    return true
  }

  /// A whole number without a point or an exponent.
  mutating func wholeNumber() -> Int64? {
    let start = position
    let isNegative = take("-")
    var value: Int64 = 0
    let first = position
    while case let digit = next &- 0x30, digit < 10 {
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, carries) = product.addingReportingOverflow(
        isNegative ? -Int64(digit) : Int64(digit))
      guard !overflows, !carries else {
        position = start
        return nil
      }
      value = sum
      position += 1
    }
    guard position > first, next != UInt8(ascii: "."), next | 0x20 != UInt8(ascii: "e") else {
      position = start
      return nil
    }
    return value
  }

  /// A number, or a word for one that is none.
  mutating func number() -> Double? {
    let first = next
    guard
      first &- 0x30 < 10 || first == UInt8(ascii: "-") || first == UInt8(ascii: "N")
        || first == UInt8(ascii: "I"), let start = bytes.baseAddress.map({ $0 + position })
    else { return nil }
    return start.withMemoryRebound(to: CChar.self, capacity: bytes.count - position) { text in
      var end: UnsafeMutablePointer<CChar>?
      let value = strtod(text, &end)
      guard let end, UnsafePointer(end) > text else { return nil }
      position += UnsafePointer(end) - text
      return value
    }
  }

  /// The bytes of a text without escapes, between its quotes; `nil` if it has some or is not text.
  mutating func plainText() -> UnsafeBufferPointer<UInt8>? {
    guard next == UInt8(ascii: "\"") else { return nil }
    var end = position + 1
    while bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "\\"), bytes[end] >= 0x20 {
      end += 1
    }
    guard bytes[end] == UInt8(ascii: "\"") else { return nil }
    let text = UnsafeBufferPointer(rebasing: bytes[position + 1..<end])
    position = end + 1
    return text
  }
}
