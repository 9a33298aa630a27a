import TrackerEngine
import TrackerStore
import TrackerGradientCheck

/// Writes a training's events to its run, in their order.
///
/// A store that cannot take an event now does not end a training that may have taken days: see ``ResilientWriter``.
struct Recorder {
  let writer: ResilientWriter
  /// Epochs that end sooner than this after the last commit are written together with the one that does not: a
  /// commit takes a tenth of a millisecond, and so does a short epoch.
  let patience: Duration
  private var points: [(key: String, point: MetricPoint)] = []
  private var lastCommit = ContinuousClock.now

  init(writer: ResilientWriter, patience: Duration) {
    self.writer = writer
    self.patience = patience
  }

  /// Records the event, or keeps it until the store takes it.
  ///
  /// - Parameter isShown: whether people see it, so that it must not wait for others
  /// - Throws: ``StoreError`` when trying again is of no use: the run was ended or deleted by somebody else
  mutating func record(_ event: TrainingEvent, isShown: Bool = false) throws {
    switch event {
    case .started(let parameters):
      try keep(ArtifactName.startParameters, parameters)
    case .epoch(let epoch):
      gather(epoch)
      if isShown || lastCommit.duration(to: .now) >= patience { try commit() }
    case .gradientCheck(let check, let moment):
      try commit()
      try writer.write(
        .check(
          GradientCheckRecord(check, at: moment), vectors: GradientCheckRecord.Vectors(check)))
    case .checkpoint(_, let state):
      try commit()
      try writer.write(
        .artifact(
          name: ArtifactName.checkpoint, kind: ArtifactName.stateKind, data: state, at: .now()))
    }
  }

  /// Ends the run, with all that waited.
  ///
  /// - Throws: ``UnrecordedError`` when the store does not take it
  mutating func finish(_ outcome: TrainingOutcome) throws -> RunStatus {
    try commit()
    try keep(ArtifactName.finalParameters, outcome.parameters)
    let ending: RunEnding = outcome.reason == .stopped ? .interrupted : .finished
    try writer.finish(ending, outcome: outcome.sentence, stopReason: outcome.reasonName)
    return ending.status
  }

  /// Ends the run as failed. When even that cannot be written the run is seen as crashed later; the
  /// error that started it all is what the caller hears of.
  mutating func fail(_ error: any Error) {
    try? commit()
    try? writer.finish(.failed, error: "\(error)")
  }

  private mutating func gather(_ epoch: EpochMetrics) {
    let time = Timestamp.now()
    for (key, value) in epoch.values {
      points.append((key, MetricPoint(step: Int64(epoch.epoch), value: value, time: time)))
    }
  }

  /// Writes the epochs that wait.
  private mutating func commit() throws {
    guard !points.isEmpty else { return }
    try writer.write(.points(points))
    points.removeAll(keepingCapacity: true)
    lastCommit = .now
  }

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
