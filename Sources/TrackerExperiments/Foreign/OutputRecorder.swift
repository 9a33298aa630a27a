package import TrackerStore

/// Records what another program prints: each line that is a JSON object of numbers is a step's metrics.
///
/// Lines are passed through as they are, whatever becomes of the record: when the store fails, the program
/// goes on, and ``failure`` says what could not be recorded.
package struct OutputRecorder {
  /// What the store refused first, if anything; nothing is recorded from there on.
  package private(set) var failure: (any Error)?
  /// The lines that were recorded.
  package private(set) var recordedLines = 0
  private let run: RunWriter
  private let passOn: (ArraySlice<UInt8>) -> Void
  private var splitter = LineSplitter()
  private var nextStep: Int64 = 0

  /// - Parameters:
  ///   - run: where to record
  ///   - passOn: takes each piece of output as it comes
  package init(run: RunWriter, passOn: @escaping (ArraySlice<UInt8>) -> Void) {
    self.run = run
    self.passOn = passOn
  }

  /// Takes the next piece of output; what was passed on has been recorded.
  package mutating func take(_ piece: ArraySlice<UInt8>) {
    var lines: [[UInt8]] = []
    splitter.feed(piece) { lines.append($0) }
    record(lines)
    passOn(piece)
  }

  /// Takes note of the output's end: a last line may have no newline.
  package mutating func finish() {
    var lines: [[UInt8]] = []
    splitter.finish { lines.append($0) }
    record(lines)
  }

  /// Records what came at once in one transaction. A line without a step belongs to the one after the last.
  private mutating func record(_ lines: [[UInt8]]) {
    guard failure == nil else { return }
    let time = Timestamp.now()
    var points: [(key: String, point: MetricPoint)] = []
    var count = 0
    for line in lines {
      guard let metrics = MetricLine(line), !metrics.values.isEmpty else { continue }
      let step = metrics.step ?? nextStep
      nextStep = step == .max ? .max : step + 1
      count += 1
      for (key, value) in metrics.values {
        points.append((key, MetricPoint(step: step, value: value, time: time)))
      }
    }
    guard !points.isEmpty else { return }
    do {
      try run.log(points)
      recordedLines += count
    } catch { failure = error }
  }
}
