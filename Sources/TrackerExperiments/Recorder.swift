import TrackerEngine
import TrackerStore
import TrackerGradientCheck

/// Writes a training's events to its run, in their order.
///
/// A store that cannot take an event now does not end a training that may have taken days: see ``ResilientWriter``.
struct Recorder {
  let writer: ResilientWriter

  /// Records the event, or keeps it until the store takes it.
  ///
  /// - Throws: ``StoreError`` when trying again is of no use: the run was ended or deleted by somebody else
  func record(_ event: TrainingEvent) throws {
    switch event {
    case .started(let parameters):
      try keep(ArtifactName.startParameters, parameters)
    case .epoch(let epoch):
      let time = Timestamp.now()
      try writer.write(
        .points(
          epoch.values.map { key, value in
            (key, MetricPoint(step: Int64(epoch.epoch), value: value, time: time))
          }))
    case .gradientCheck(let check, let moment):
      try writer.write(
        .check(
          GradientCheckRecord(check, at: moment), vectors: GradientCheckRecord.Vectors(check)))
    case .checkpoint(_, let state):
      try writer.write(
        .artifact(
          name: ArtifactName.checkpoint, kind: ArtifactName.stateKind, data: state, at: .now()))
    }
  }

  /// Ends the run, with all that waited.
  ///
  /// - Throws: ``UnrecordedError`` when the store does not take it
  func finish(_ outcome: TrainingOutcome) throws -> RunStatus {
    try keep(ArtifactName.finalParameters, outcome.parameters)
    let ending: RunEnding = outcome.reason == .stopped ? .interrupted : .finished
    try writer.finish(ending, outcome: outcome.sentence, stopReason: outcome.reasonName)
    return ending.status
  }

  /// Ends the run as failed. When even that cannot be written the run is seen as crashed later; the
  /// error that started it all is what the caller hears of.
  func fail(_ error: any Error) { try? writer.finish(.failed, error: "\(error)") }

  private func keep(_ name: String, _ parameters: [Double]) throws {
    try writer.write(
      .artifact(
        name: name, kind: ArtifactName.parametersKind, data: Float64Vector.bytes(of: parameters),
        at: .now()))
  }
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
