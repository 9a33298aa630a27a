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
        name: "parameters/start", kind: "parameters", data: littleEndian(parameters))
    case .epoch(let epoch):
      try writer.log(epoch.values, step: Int64(epoch.epoch))
    case .gradientCheck(let check, let moment):
      try writer.log(
        check: GradientCheckRecord(check, step: moment.epoch, moment: moment.name),
        vectors: GradientCheckRecord.Vectors(
          analytic: check.analytic, numerical: check.numerical, parameters: check.parameters))
    case .finished(let outcome):
      try writer.logArtifact(
        name: "parameters/final", kind: "parameters", data: littleEndian(outcome.parameters))
    }
  }
}
