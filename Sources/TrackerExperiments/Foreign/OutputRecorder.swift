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
    for line in lines { record(line) }
    passOn(piece)
  }

  /// Takes note of the output's end: a last line may have no newline.
  package mutating func finish() {
    var lines: [[UInt8]] = []
    splitter.finish { lines.append($0) }
    for line in lines { record(line) }
  }

  /// A line without a step belongs to the one after the last.
  private mutating func record(_ line: [UInt8]) {
    guard failure == nil, let metrics = MetricLine(line), !metrics.values.isEmpty else { return }
    let step = metrics.step ?? nextStep
    do {
      try run.log(metrics.values, step: step)
      recordedLines += 1
      nextStep = step == .max ? .max : step + 1
    } catch { failure = error }
  }
}
