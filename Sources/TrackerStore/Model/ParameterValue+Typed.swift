extension ParameterValue {
  /// The value that a text means on a command line: a whole number, a number, a truth value, or the text itself.
  ///
  /// A text is a number only if the number prints back as it was typed, so that nothing typed is lost: `0.1`, `64` and
  /// `NaN` are; `02134`, `1.10`, `+1`, `0x10` and `12e4567`, which mean a place, a version or a commit as well, stay
  /// texts. Of numbers with an exponent that holds for those in normal form, as people and programs write them: one
  /// digit before the point, not zero, and none to spare after it, `1e-3`, `2.5e-04`; `1234e56` is a text. `true` and
  /// `false` are truth values, and so are Python's `True` and `False`.
  package init(typed text: String) {
    if let value = Int64(text), "\(value)" == text {
      self = .integer(value)
    } else if let value = Double(text), value.printsBack(as: text) {
      self = .real(value)
    } else {
      switch text {
      case "NaN": self = .real(.nan)
      case "Infinity": self = .real(.infinity)
      case "-Infinity": self = .real(-.infinity)
      case "true", "True": self = .boolean(true)
      case "false", "False": self = .boolean(false)
      default: self = .text(text)
      }
    }
  }
}

extension Double {
  /// Whether the number, written with the digits that it takes, is `text`.
  fileprivate func printsBack(as text: String) -> Bool {
    guard isFinite else { return false }
    if description == text { return true }
    let parts = text.split(separator: "e", omittingEmptySubsequences: false)
    guard parts.count == 2, self != 0, let exponent = Self.exponent(parts[1]) else { return false }
    // The digits have to be all that the number has: its own mantissa, with this exponent, is the number again.
    var mantissa = parts[0]
    let isNegative = mantissa.first == "-"
    if isNegative { mantissa.removeFirst() }
    let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    guard halves.count <= 2, halves[0].utf8.count == 1, halves[0] != "0",
      halves.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      halves.count == 1 || halves[1].last != "0"
    else { return false }
    let (digits, power) = decimalDigits
    return halves.joined() == digits && exponent == power
  }

  /// The exponent, which has no needless zeros but the one that Python writes (`1e-05`).
  private static func exponent(_ text: Substring) -> Int? {
    var digits = text
    if digits.first == "-" || digits.first == "+" { digits.removeFirst() }
    guard (1...3).contains(digits.utf8.count), digits.utf8.count <= 2 || digits.first != "0",
      let value = Int(digits)
    else { return nil }
    return text.first == "-" ? -value : value
  }

  /// The shortest decimal digits of the number, without leading and trailing zeros, and the power of ten of the first.
  private var decimalDigits: (digits: String, power: Int) {
    let parts = magnitude.description.split(separator: "e")
    let halves = parts[0].split(separator: ".")
    let whole = halves[0]
    let all = whole + (halves.count > 1 ? halves[1] : "")
    let significant = all.drop { $0 == "0" }
    let power =
      whole.utf8.count - 1 - (all.utf8.count - significant.utf8.count)
      + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    var digits = String(significant)
    while digits.last == "0" { digits.removeLast() }
    return (digits, power)
  }
}
