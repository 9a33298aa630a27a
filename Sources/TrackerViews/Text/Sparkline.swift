import TrackerSystem
import TrackerStore

/// A series drawn in one line of text.
package enum Sparkline {
  /// `values` in at most `width` characters, from the lowest `▁` to the highest `█`.
  ///
  /// Where several values share a character, the one farthest from the middle of the range is drawn,
  /// so that spikes are seen. `×` stands for NaN and ±∞. A series that is crowded near zero is drawn by
  /// its logarithm.
  package static func text(_ values: [Double], width: Int) -> String {
    guard width > 0, let (lowest, highest) = extremes(values[...]) else {
      return String(repeating: "×", count: min(values.count, max(0, width)))
    }
    let usesLogarithm = isLogarithmic(values, lowest, highest)
    let scale = { (value: Double) -> Double in usesLogarithm ? log10(value) : value }
    let low = scale(lowest)
    let range = scale(highest) - low
    let middle = low + range / 2
    let count = min(width, values.count)
    var text = ""
    for index in 0..<count {
      let bucket = values[(index * values.count / count)..<((index + 1) * values.count / count)]
      guard !bucket.contains(where: { !$0.isFinite }), let ends = extremes(bucket) else {
        text += "×"
        continue
      }
      // The scale rises: what is farthest from the middle is an end, and no other needs a logarithm.
      let (bottom, top) = (scale(ends.lowest), scale(ends.highest))
      let value = top - middle >= middle - bottom ? top : bottom
      let share = range > 0 && range.isFinite ? (value - low) / range : 0.5
      text += levels[min(levels.count - 1, Int(saturating: share * Double(levels.count)))]
    }
    return text
  }

  /// The lowest and the highest finite value, if there is one.
  private static func extremes(
    _ values: ArraySlice<Double>
  ) -> (lowest: Double, highest: Double)? {
    var (lowest, highest) = (Double.infinity, -Double.infinity)
    for value in values where value.isFinite {
      if value < lowest { lowest = value }
      if value > highest { highest = value }
    }
    return lowest <= highest ? (lowest, highest) : nil
  }

  /// Whether values are better read by their logarithm: positive, over more than a decade, and most of
  /// them crowded in the lowest tenth, as the costs of a training are once it has got going.
  static func isLogarithmic(
    _ values: some Sequence<Double>, _ lowest: Double, _ highest: Double
  ) -> Bool {
    guard lowest > 0, highest / lowest > 10 else { return false }
    let threshold = lowest + (highest - lowest) / 10
    var crowded = 0
    var count = 0
    for value in values where value.isFinite {
      count += 1
      if value < threshold { crowded += 1 }
    }
    return 2 * crowded > count
  }

  private static let levels = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
}
