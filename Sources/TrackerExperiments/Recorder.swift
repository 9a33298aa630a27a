package import TrackerValues
package import TrackerStore
import TrackerEngine
import TrackerGradientCheck

/// Writes a training's events to its run, in their order.
///
/// A store that cannot take an event now, for its disk is full or another process keeps it busy, does not end
/// a training that may have taken days: the event waits, with those after it, and is tried again.
struct Recorder {
  let writer: RunWriter
  /// Hears when recording stops, with the reason, and when it goes on, with `nil`.
  var onTrouble: (StoreError?) -> Void = { _ in }
  private(set) var trouble: StoreError?
  private var waiting: [TrainingEvent] = []
  private var nextTry = ContinuousClock.now
  private var pause = Self.shortestPause
  /// Between two tries: it doubles from the one to the other, for a busy store makes each try long.
  private static let shortestPause = Duration.seconds(1)
  private static let longestPause = Duration.seconds(60)

  init(writer: RunWriter) { self.writer = writer }

  var runID: Int64 { writer.id }

  /// Records the event, or keeps it until the store takes it.
  ///
  /// - Throws: ``StoreError`` when trying again is of no use: the run was ended or deleted by somebody else
  mutating func record(_ event: TrainingEvent) throws {
    guard trouble != nil else {
      do { try write(event) } catch let error as StoreError where error.mayPass {
        begin(error)
        keep(event)
      }
      return
    }
    keep(event)
    if ContinuousClock.now >= nextTry { try writeWaiting() }
  }

  private mutating func begin(_ error: StoreError) {
    if trouble == nil { onTrouble(error) }
    trouble = error
    nextTry = .now + pause
    pause = min(pause * 2, Self.longestPause)
  }

  /// Only the last checkpoint is of use.
  private mutating func keep(_ event: TrainingEvent) {
    if case .checkpoint = event {
      waiting.removeAll { if case .checkpoint = $0 { true } else { false } }
    }
    waiting.append(event)
  }

  private mutating func writeWaiting() throws {
    var written = 0
    defer { waiting.removeFirst(written) }
    for event in waiting {
      do { try write(event) } catch let error as StoreError where error.mayPass {
        return begin(error)
      }
      written += 1
    }
    trouble = nil
    pause = Self.shortestPause
    onTrouble(nil)
  }

  private func write(_ event: TrainingEvent) throws {
    switch event {
    case .started(let parameters):
      try writer.logArtifact(
        name: ArtifactName.startParameters, kind: ArtifactName.parametersKind,
        data: Float64Vector.bytes(of: parameters))
    case .epoch(let epoch):
      try writer.log(epoch.values, step: Int64(epoch.epoch))
    case .gradientCheck(let check, let moment):
      try writer.log(check, at: moment)
    case .checkpoint(_, let state):
      try writer.logArtifact(
        name: ArtifactName.checkpoint, kind: ArtifactName.stateKind, data: state)
    }
  }

  /// Ends the run, with all that waited.
  ///
  /// - Throws: ``UnrecordedError`` when the store does not take it; the final parameters and what waited are
  ///   then in files
  mutating func finish(_ outcome: TrainingOutcome) throws -> RunStatus {
    do {
      if trouble != nil { try writeWaiting() }
      if let trouble { throw trouble }
      try writer.logArtifact(
        name: ArtifactName.finalParameters, kind: ArtifactName.parametersKind,
        data: Float64Vector.bytes(of: outcome.parameters))
      let ending: RunEnding = outcome.reason == .stopped ? .interrupted : .finished
      try writer.finish(
        ending, outcome: outcome.sentence, stopReason: outcome.reasonName)
      return ending.status
    } catch let error as StoreError where error.mayPass {
      let error = UnrecordedError(
        run: runID, cause: error, files: Rescue(run: runID).save(waiting, outcome.parameters))
      fail(error)
      throw error
    }
  }

  /// Ends the run as failed. When even that cannot be written the run is seen as crashed later; the
  /// error that started it all is what the caller hears of.
  func fail(_ error: any Error) {
    try? writer.finish(.failed, error: "\(error)")
  }
}

extension StoreError {
  /// Whether the same may succeed later.
  fileprivate var mayPass: Bool {
    switch reason {
    case .full, .inputOutput, .busy, .readOnly, .cannotOpen: true
    default: false
    }
  }
}

/// A training came to its end, and the store did not take all of it.
package struct UnrecordedError: ExplainedError {
  /// The run's number.
  package let run: Int64
  /// Why the store did not.
  package let cause: StoreError
  /// Where the final parameters and the epochs are that were not recorded; empty if no file could be
  /// written either.
  package let files: [String]

  package var description: String {
    "the end of run \(run) could not be recorded: \(cause.message)"
      + (files.isEmpty ? "" : "; what is missing is in \(files.joined(separator: " and "))")
  }
  package var kind: ExplainedErrorKind { cause.kind }
  package var advice: String? { cause.advice }
}

/// The names under which a training keeps its vectors.
package enum ArtifactName {
  package static let startParameters = "parameters/start"
  package static let finalParameters = "parameters/final"
  package static let checkpoint = "checkpoint"
  package static let parametersKind = "parameters"
  package static let stateKind = "state"
}

extension DatasetRecord {
  init(_ dataset: Dataset) {
    self.init(
      name: dataset.name, sha256: dataset.sha256, rows: dataset.rowCount,
      features: dataset.featureCount, classes: dataset.classCount)
  }
}
