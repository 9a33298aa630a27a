package import TrackerStore

/// Records what another program prints: each line that ``MetricReader`` understands is a step's metrics.
///
/// Lines are passed through as they are, whatever becomes of the record: what the store does not take now is kept and
/// tried again (`ResilientWriter`).
package struct OutputRecorder {
  /// Why nothing is recorded any more: somebody else ended or deleted the run. Else `nil`.
  package private(set) var failure: (any Error)?
  /// The lines that were recorded.
  package private(set) var recordedLines = 0
  private let run: ResilientWriter
  private let passOn: (ArraySlice<UInt8>, MetricReader.Stream) -> Void
  private var reader: MetricReader
  /// What watches the metrics, if anything.
  package let alerting: Alerting?

  /// - Parameters:
  ///   - run: where to record
  ///   - reader: makes metrics of lines
  ///   - alerting: watches the metrics
  ///   - passOn: takes each piece of output as it comes
  package init(
    run: ResilientWriter, reader: MetricReader, alerting: Alerting? = nil,
    passOn: @escaping (ArraySlice<UInt8>, MetricReader.Stream) -> Void
  ) {
    self.run = run
    self.reader = reader
    self.alerting = alerting
    self.passOn = passOn
  }

  /// The lines that were passed on and were too long to be read.
  package var longLineCount: Int { reader.longLineCount }
  /// The form that would have read the lines of which nothing was recorded.
  package var suggestion: (pattern: String, lineCount: Int)? { reader.suggestion }

  /// Takes the next piece of output; what was passed on has been recorded.
  package mutating func take(_ piece: ArraySlice<UInt8>, from stream: MetricReader.Stream) {
    record(reader.take(piece, from: stream))
    passOn(piece, stream)
  }

  /// Takes note of the output's end: a last line may have no newline.
  package mutating func finish() { record(reader.finish()) }

  /// Records what came at once in one transaction.
  private mutating func record(_ rows: [MetricReader.Row]) {
    guard failure == nil, !rows.isEmpty else { return }
    let time = Timestamp.now()
    let points = rows.flatMap { row in
      zip(row.keys, row.values).map { ($0, MetricPoint(step: row.step, value: $1, time: time)) }
    }
    do {
      try run.write(.points(points))
      recordedLines += rows.count
      for row in rows {
        alerting?.see(zip(row.keys, row.values).map { (key: $0, value: $1) }, step: row.step)
      }
    } catch { failure = error }
  }
}
