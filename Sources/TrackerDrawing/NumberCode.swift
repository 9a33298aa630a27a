import TrackerSystem

/// Numbers between two ends as text, each a place of so many digits, for a page's script.
package struct NumberCode {
  /// The digits, of 6 bits each.
  package static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*_".utf8)
  /// Beside them NaN, ∞ and −∞.
  private static let (nan, infinity, minusInfinity) = (
    UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-")
  )

  private let low: Double
  private let high: Double
  private let isLog: Bool
  private let logLow: Double
  private let logSpan: Double
  private var bytes: [UInt8] = []

  /// - Parameter isLog: whether places are those of the logarithms
  package init(from low: Double, to high: Double, isLog: Bool = false) {
    (self.low, self.high, self.isLog) = (low, high, isLog)
    logLow = isLog ? log(low) : 0
    logSpan = isLog ? log(high) - logLow : 0
  }

  /// What was written.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Writes a number with 1 to 10 digits; one that is not finite as a sign alone.
  package mutating func write(_ value: Double, digits: Int) {
    guard value.isFinite else {
      bytes.append(
        value.isNaN ? Self.nan : value > 0 ? Self.infinity : Self.minusInfinity)
      return
    }
    // Halved first: the span of the largest numbers is not a number.
    let share =
      low == high
      ? 0
      : isLog ? (log(value) - logLow) / logSpan : (value / 2 - low / 2) / (high / 2 - low / 2)
    let shift = UInt64(6 * digits)
    let levels = Double((UInt64(1) << shift) - 1)
    let level = UInt64(exactly: (max(0, min(1, share)) * levels).rounded()) ?? 0
    for place in 1...UInt64(digits) {
      bytes.append(Self.alphabet[Int(level >> (shift - 6 * place) & 63)])
    }
  }
}
