import TrackerEngine
import TrackerGradientCheck
import TrackerStore

/// Writes a training's events to its run.
struct Recorder {
  private let writer: RunWriter
  var runID: Int64 { writer.id }

  init(store: Store, start: RunStart) throws {
    writer = try store.startRun(start)
  }

  func record(_ event: TrainingEvent) throws {
    switch event {
    case .started(let parameters):
      try writer.logArtifact(
        name: ArtifactName.startParameters, kind: ArtifactName.parametersKind,
        data: Float64Vector.bytes(of: parameters))
    case .epoch(let epoch):
      try writer.log(epoch.values, step: Int64(epoch.epoch))
    case .gradientCheck(let check, let moment):
      try writer.log(
        check: GradientCheckRecord(check, at: moment),
        vectors: GradientCheckRecord.Vectors(check))
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

extension GradientCheckRecord {
  /// The record of a check.
  init(_ check: GradientCheck, at moment: CheckMoment) {
    func entry(_ entry: GradientCheck.Entry) -> Entry {
      Entry(
        block: entry.block, row: entry.row, column: entry.column, analytic: entry.analytic,
        numerical: entry.numerical)
    }
    self.init(
      step: Int64(moment.epoch), moment: moment.name.rawValue, epsilon: check.epsilon,
      method: check.method.rawValue, tolerance: check.tolerance.absolute,
      relativeTolerance: check.tolerance.relative, passed: check.passed, seconds: check.seconds,
      cost: check.cost,
      blocks: check.blocks.map { block in
        Block(
          name: block.name, part: block.part.rawValue, rows: block.rows, columns: block.columns,
          checkedCount: block.checkedCount, failedCount: block.failedCount,
          maxAbsoluteDifference: block.maxAbsoluteDifference,
          maxRelativeDifference: block.maxRelativeDifference, worst: block.worst.map(entry))
      }, worst: check.worst.map(entry))
  }
}
