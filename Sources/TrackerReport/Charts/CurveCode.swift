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
  /// Whether each bucket is one value: else it is four, the last, the least, the greatest and the mean.
  let isWhole: Bool
  let text: String

  init(_ buckets: [MetricBucket], digits: Int) {
    isWhole = buckets.allSatisfy { $0.count + $0.nonFiniteCount == 1 }
    let low = buckets.lazy.map(\.least).filter(\.isFinite).min() ?? 0
    let high = buckets.lazy.map(\.greatest).filter(\.isFinite).max() ?? 0
    let isLog = low > 0 && high / low > 10
    (self.low, self.high, self.isLog) = (low, high, isLog)
    var values: [Double] = []
    for bucket in buckets {
      values.append(bucket.last)
      if !isWhole { values += [bucket.least, bucket.greatest, bucket.mean] }
    }
    text = Self.text(values, from: low, to: high, isLog: isLog, digits: digits)
  }

  /// Values as digits, each so many, between the two ends.
  static func text(
    _ values: [Double], from low: Double, to high: Double, isLog: Bool, digits: Int
  ) -> String {
    let levels = Double((UInt64(1) << UInt64(6 * digits)) - 1)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * digits)
    func write(_ value: Double) {
      guard value.isFinite else {
        bytes.append(value.isNaN ? nan : value > 0 ? infinity : minusInfinity)
        return
      }
      // Halved first: the span of the largest numbers is not a number.
      let share =
        low == high
        ? 0
        : isLog
          ? (log(value) - log(low)) / (log(high) - log(low))
          : (value / 2 - low / 2) / (high / 2 - low / 2)
      var level = UInt64(exactly: (max(0, min(1, share)) * levels).rounded()) ?? 0
      var code: [UInt8] = []
      for _ in 0..<digits {
        code.append(alphabet[Int(level & 63)])
        level >>= 6
      }
      bytes += code.reversed()
    }
    for value in values { write(value) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
