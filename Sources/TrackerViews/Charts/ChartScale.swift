import TrackerSystem
import TrackerStore

/// An axis: from values to positions between 0 and 1, with ticks at round values.
package struct ChartScale: Sendable, Hashable {
  /// How values are spaced.
  package enum Spacing: String, Sendable { case linear, log }

  package let spacing: Spacing
  /// The values at the two ends.
  package let lower: Double
  package let upper: Double
  package let ticks: [Double]

  /// A scale that covers every finite value of `values` and ends at round ones.
  ///
  /// - Parameters:
  ///   - values: what is to be drawn; NaN and ±∞ are left out
  ///   - spacing: `nil` chooses: logarithmic for positive values that are crowded near zero
  ///   - tickCount: about how many ticks there should be
  package init(covering values: [Double], spacing: Spacing? = nil, tickCount: Int = 5) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    if low > high { (low, high) = (0, 1) }
    let chosen = spacing ?? (Sparkline.isLogarithmic(values, low, high) ? .log : .linear)
    if chosen == .log && low > 0 {
      self.init(logFrom: low, to: high, tickCount: tickCount)
    } else {
      self.init(linearFrom: low, to: high, tickCount: tickCount)
    }
  }

  /// A scale over whole steps, from the first to the last exactly.
  package init(steps first: Int64, _ last: Int64, tickCount: Int = 5) {
    self.init(
      exactlyFrom: Double(first), to: Double(max(last, first + 1)), leastStep: 1,
      tickCount: tickCount)
  }

  /// A scale from the lowest to the highest of `values` exactly; ticks are whole where the values are.
  package init(from values: some Sequence<Double>, tickCount: Int = 5) {
    var low = Double.infinity
    var high = -Double.infinity
    var areWhole = true
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
      areWhole = areWhole && value == value.rounded()
    }
    if low > high { (low, high) = (0, 1) }
    if low == high { high = low + max(1, abs(low) * 0.1) }
    self.init(
      exactlyFrom: low, to: min(high, .greatestFiniteMagnitude), leastStep: areWhole ? 1 : 0,
      tickCount: tickCount)
  }

  private init(exactlyFrom low: Double, to high: Double, leastStep: Double, tickCount: Int) {
    let step = max(leastStep, Self.roundStep(near: (high / 2 - low / 2) / Double(tickCount) * 2))
    spacing = .linear
    lower = low
    upper = high
    let from = (low / step).rounded(.up)
    ticks = (0...tickCount * 2).map { (from + Double($0)) * step }.filter { $0 <= high }
  }

  private init(linearFrom low: Double, to high: Double, tickCount: Int) {
    var (low, high) = (low, high)
    if low == high {
      let margin = low == 0 ? 1 : abs(low) * 0.1
      (low, high) = (
        max(-.greatestFiniteMagnitude, low - margin), min(.greatestFiniteMagnitude, high + margin)
      )
    }
    // Halved first: the span of the largest numbers is not a number.
    let step = Self.roundStep(near: (high / 2 - low / 2) / Double(tickCount) * 2)
    let from = (low / step).rounded(.down)
    let to = (high / step).rounded(.up)
    spacing = .linear
    guard step > 0, step.isFinite, (from * step).isFinite, (to * step).isFinite, to - from < 1000
    else {
      (lower, upper, ticks) = (low, high, [low, high])
      return
    }
    lower = from * step
    upper = to * step
    ticks = stride(from: from, through: to, by: 1).map { $0 * step }
  }

  private init(logFrom low: Double, to high: Double, tickCount: Int) {
    spacing = .log
    let decades =
      Int(saturating: log10(low).rounded(.down))...Int(saturating: log10(high).rounded(.up))
    let candidates = decades.flatMap { decade in [1, 2, 5].map { $0 * pow(10, Double(decade)) } }
    let from = max(.leastNonzeroMagnitude, candidates.last { $0 <= low } ?? low)
    let to = candidates.first { $0 >= high && $0.isFinite } ?? high
    (lower, upper) = (from, to)
    if to / from > 1000 {
      // Decades may stand closer than other ticks: with every second one left out, two may be all there are.
      let step = (decades.count + tickCount + 1) / (tickCount + 2)
      ticks = stride(from: decades.lowerBound, through: decades.upperBound, by: step)
        .map { pow(10, Double($0)) }.filter { $0 >= from && $0 <= to }
    } else {
      ticks = candidates.filter { $0 >= from && $0 <= to }
    }
  }

  /// 1, 2 or 5 times a power of ten, at least `width`.
  private static func roundStep(near width: Double) -> Double {
    guard width > 0, width.isFinite else { return 1 }
    let power = pow(10, log10(width).rounded(.down))
    guard power > 0 else { return width }
    for factor in [1.0, 2, 5] where factor * power >= width * 0.999_999 { return factor * power }
    return 10 * power
  }

  /// Where a value stands: 0 at ``lower``, 1 at ``upper``, cut off beyond them; `nil` for what is no
  /// finite number, or has no logarithm.
  package func position(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    let share: Double
    switch spacing {
    case .linear: share = (value / 2 - lower / 2) / (upper / 2 - lower / 2)
    case .log:
      guard value > 0 else { return nil }
      let (low, high) = (log10(lower), log10(upper))
      share = high > low ? (log10(value) - low) / (high - low) : 0.5
    }
    return min(1, max(0, share))
  }

  /// A tick: where it stands, 0…1, and what it says.
  package typealias Tick = (share: Double, label: String)

  /// The ticks with their labels, of as many digits as tell them apart.
  package var labelled: [Tick] {
    var labels: [String] = []
    for digits in 6...17 {
      labels = ticks.map { $0.readable(digits: digits) }
      if Set(labels).count == labels.count { break }
    }
    return zip(ticks, labels).compactMap { tick, label in position(tick).map { ($0, label) } }
  }
}
