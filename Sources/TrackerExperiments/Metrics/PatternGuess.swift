import TrackerStore

/// Which of the known forms would read a program's lines: they are tried on its first lines.
struct PatternGuess {
  private var counts: [Int]
  private var keras = KerasLines()
  private var lineCount = 0
  private static let mostLines = 1000

  init() { counts = MetricPattern.presets.map { _ in 0 } }

  /// Whether no more lines are looked at.
  var isDone: Bool { lineCount >= Self.mostLines }

  /// The form that reads most lines, and how many; `nil` where none reads any. Keras' lines are pairs as well, one for each
  /// drawing of a bar: what reads them as Keras' reads fewer of them, and is right.
  var best: (pattern: String, lineCount: Int)? {
    let index = counts[0] > 0 ? 0 : counts.indices.max { counts[$0] < counts[$1] }
    guard let index, counts[index] > 0 else { return nil }
    return (MetricPattern.presets[index], counts[index])
  }

  /// Tries the forms on a line. It counts where what is read has the name of something that a training is judged by: a
  /// sentence with a colon and a number has not. Where a line begins with its step, as CatBoost's does, a name of a part of the
  /// data says enough: `3:⇥learn: 0.5⇥test: 0.6`.
  mutating func take(_ line: [UInt8]) {
    guard !isDone else { return }
    lineCount += 1
    let found = [
      keras.members(of: line), KeyValuePairs.members(of: line, sign: UInt8(ascii: "=")),
      KeyValuePairs.members(of: line, sign: UInt8(ascii: ":")),
    ]
    for (index, members) in found.enumerated() {
      let hasStep = members.contains { $0.key == StepRule.usualKeys[0] }
      let isMeasured = members.contains { member in
        let metric = KnownMetric(member.key)
        return metric.rank != nil || hasStep && metric.role != nil
      }
      if isMeasured { counts[index] += 1 }
    }
  }
}
