import TrackerEngine
import TrackerGradientCheck
import TrackerStore

/// Writes a training's events to its run.
struct Recorder {
  let writer: RunWriter
  var runID: Int64 { writer.id }

  func record(_ event: TrainingEvent) throws {
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

  func finish(_ outcome: TrainingOutcome) throws -> RunStatus {
    try writer.logArtifact(
      name: ArtifactName.finalParameters, kind: ArtifactName.parametersKind,
      data: Float64Vector.bytes(of: outcome.parameters))
    let status: RunStatus = outcome.reason == .stopped ? .interrupted : .finished
    try writer.finish(status, outcome: outcome.sentence)
    return status
  }

  /// Ends the run as failed. When even that cannot be written the run is seen as crashed later; the
  /// error that started it all is what the caller hears of.
  func fail(_ error: any Error) {
    try? writer.finish(.failed, error: "\(error)")
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
