import TrackerSystem

extension Double {
  /// The number for people: `digits` significant digits, powers of ten only where they are needed.
  ///
  /// `0.95`, `127.4`, `1.235e-7`, `NaN`, `∞`.
  package func readable(digits: Int = 4) -> String {
    if isNaN { return "NaN" }
    if isInfinite { return self < 0 ? "-∞" : "∞" }
    if self == 0 { return "0" }
    // The exponent after rounding: 9.99996 is 10.00, not 9.9999….
    let scientific = printed(self, precision: digits - 1, isScientific: true)
    guard let mark = scientific.firstIndex(of: "e"),
      let exponent = Int(scientific[scientific.index(after: mark)...])
    else { return scientific }
    if exponent >= -4 && exponent < 7 {
      return withoutTrailingZeros(printed(self, precision: Swift.max(0, digits - 1 - exponent)))
    }
    return withoutTrailingZeros(String(scientific[..<mark])) + "e\(exponent)"
  }

  /// The number with a fixed number of `decimals`.
  package func fixed(_ decimals: Int) -> String {
    isFinite ? printed(self, precision: decimals) : readable()
  }
}

/// A count for people: thousands set apart by a thin mark, `7,510`.
package func grouped(_ count: Int) -> String {
  let digits = String(count.magnitude)
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return count < 0 ? "-" + text : text
}

/// A size for people: `62 KB`, `1.4 MB`, by powers of 1,000.
package func readable(byteCount: Int) -> String {
  if byteCount < 1000 { return "\(byteCount) B" }
  var size = Double(byteCount)
  for unit in ["KB", "MB", "GB"] {
    size /= 1000
    if size < 999.5 { return size.readable(digits: size < 10 ? 2 : 3) + " " + unit }
  }
  return (size / 1000).readable(digits: 3) + " TB"
}

/// `1 run`, `2 runs`: a count with its noun.
package func counted(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
  grouped(count) + " " + (count == 1 ? singular : plural ?? singular + "s")
}

/// Numbers of runs for people, in order: `13–17, 20`; of very many parts the first, and how many runs are left.
func ranges(_ ids: [Int64], limit: Int = 20) -> String {
  var parts: [ClosedRange<Int64>] = []
  for id in ids {
    if let last = parts.last, last.upperBound < id, last.upperBound + 1 == id {
      parts[parts.count - 1] = last.lowerBound...id
    } else {
      parts.append(id...id)
    }
  }
  let texts = parts.prefix(limit).map { part in
    part.count == 1 ? "\(part.lowerBound)" : "\(part.lowerBound)–\(part.upperBound)"
  }
  let left = parts.dropFirst(limit).reduce(0) { $0 + $1.count }
  return texts.joined(separator: ", ") + (left > 0 ? " and \(grouped(left)) more" : "")
}

private func withoutTrailingZeros(_ text: String) -> String {
  guard text.utf8.contains(UInt8(ascii: ".")) else { return text }
  var digits = text.utf8[...]
  while digits.last == UInt8(ascii: "0") { digits.removeLast() }
  if digits.last == UInt8(ascii: ".") { digits.removeLast() }
  return String(Substring(digits))
}
