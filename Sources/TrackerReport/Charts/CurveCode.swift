import TrackerStore
import TrackerSystem

/// The values of a curve as text for the page's script: each a number of a few base-64 digits between the curve's least
/// and greatest value, by their logarithm where they span more than a decade.
struct CurveCode: Sendable {
  /// The digits, and beside them NaN, ∞ and −∞.
  static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*_".utf8)
  private static let (nan, infinity, minusInfinity) = (
    UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-")
  )

  let low: Double
  let high: Double
  let isLog: Bool
  let form: Form
  let text: String

  /// What is known of each bucket; the page's script reads the numbers.
  enum Form: Int {
    /// Its last value, and with fewer digits its least, greatest and mean.
    case bands = 0
    /// Its one value.
    case whole = 1
    /// Its last value alone.
    case line = 2
  }

  /// - Parameters:
  ///   - digits: the digits of a value
  ///   - bandDigits: the digits of a least, greatest or mean value; `nil` leaves them out
  init(_ buckets: [MetricBucket], digits: Int, bandDigits: Int?) {
    let isWhole = buckets.allSatisfy { $0.count + $0.nonFiniteCount == 1 }
    form = isWhole ? .whole : bandDigits == nil ? .line : .bands
    let hasBands = form == .bands
    let lows = buckets.lazy.map { hasBands ? $0.least : $0.last }
    let highs = buckets.lazy.map { hasBands ? $0.greatest : $0.last }
    var low = lows.filter(\.isFinite).min() ?? 0
    var high = highs.filter(\.isFinite).max() ?? 0
    let isLog = low > 0 && high / low > 10
    if low < high {
      (low, high) = (low.short(.down), high.short(.up))
    }
    (self.low, self.high, self.isLog) = (low, high, isLog)
    var writer = Writer(low: low, high: high, isLog: isLog)
    for bucket in buckets {
      writer.write(bucket.last, digits: digits)
      guard hasBands, let bandDigits else { continue }
      for value in [bucket.least, bucket.greatest, bucket.mean] {
        writer.write(value, digits: bandDigits)
      }
    }
    text = writer.text
  }

  /// Values as digits, each so many, between the two ends.
  static func text(_ values: [Double], from low: Double, to high: Double, digits: Int) -> String {
    var writer = Writer(low: low, high: high, isLog: false)
    for value in values { writer.write(value, digits: digits) }
    return writer.text
  }

  private struct Writer {
    let low: Double
    let high: Double
    let isLog: Bool
    private let logLow: Double
    private let logSpan: Double
    private var bytes: [UInt8] = []

    init(low: Double, high: Double, isLog: Bool) {
      (self.low, self.high, self.isLog) = (low, high, isLog)
      logLow = isLog ? log(low) : 0
      logSpan = isLog ? log(high) - logLow : 0
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func write(_ value: Double, digits: Int) {
      guard value.isFinite else {
        bytes.append(value.isNaN ? nan : value > 0 ? infinity : minusInfinity)
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
        bytes.append(CurveCode.alphabet[Int(level >> (shift - 6 * place) & 63)])
      }
    }
  }
}

extension Double {
  /// The nearest number of seven digits that is not above, or not below, this one; itself where there is none near it.
  fileprivate func short(_ rule: FloatingPointRoundingRule) -> Double {
    let scale = pow(10, 6 - log10(abs(self)).rounded(.down))
    let scaled = (self * scale).rounded(rule)
    let short = scaled / scale
    return scaled.isFinite && short.isFinite && self != 0 ? short : self
  }
}
