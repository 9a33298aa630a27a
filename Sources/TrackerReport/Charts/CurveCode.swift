import TrackerDrawing
import TrackerStore
import TrackerSystem

/// The values of a curve as text for the page's script: each a number of a few base-64 digits between the curve's least
/// and greatest value, by their logarithm where they span more than a decade.
struct CurveCode: Sendable {
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
    var (low, high) = (Double.infinity, -Double.infinity)
    for bucket in buckets {
      let (least, greatest) =
        hasBands ? (bucket.least, bucket.greatest) : (bucket.last, bucket.last)
      if least.isFinite, least < low { low = least }
      if greatest.isFinite, greatest > high { high = greatest }
    }
    if low > high { (low, high) = (0, 0) }
    let isLog = low > 0 && high / low > 10
    if low < high {
      (low, high) = (low.short(.down), high.short(.up))
    }
    (self.low, self.high, self.isLog) = (low, high, isLog)
    var code = NumberCode(from: low, to: high, isLog: isLog)
    for bucket in buckets {
      code.write(bucket.last, digits: digits)
      guard hasBands, let bandDigits else { continue }
      code.write(bucket.least, digits: bandDigits)
      code.write(bucket.greatest, digits: bandDigits)
      code.write(bucket.mean, digits: bandDigits)
    }
    text = code.text
  }
}

extension Double {
  /// The nearest number of five digits that is not above, or not below, this one; itself where there is none near it.
  fileprivate func short(_ rule: FloatingPointRoundingRule) -> Double {
    let scale = pow(10, 4 - log10(abs(self)).rounded(.down))
    let scaled = (self * scale).rounded(rule)
    let short = scaled / scale
    return scaled.isFinite && short.isFinite && self != 0 ? short : self
  }
}
