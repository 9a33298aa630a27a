package import TrackerEngine
import TrackerGradientCheck
package import TrackerStore

/// Which of a run's stored parameters are meant.
package enum CheckPoint: String, CaseIterable, Sendable {
  /// Those before the first epoch.
  case start
  /// Those after the last.
  case end
}

/// A gradient check of a run that was recorded earlier: its network and data are made again from what
/// the store knows.
package struct Recheck {
  private let store: Store
  private let run: Run

  package init(store: Store, run: Run) {
    self.store = store
    self.run = run
  }

  /// Checks the gradient and records the check with the run.
  ///
  /// - Parameters:
  ///   - point: which parameters
  ///   - options: what is to be done otherwise than in the run, such as another `epsilon`
  /// - Throws: ``InputError`` when the run was not trained by this program or its data is not there
  package func check(
    at point: CheckPoint, with options: [String: ParameterValue] = [:]
  ) throws -> GradientCheckRecord {
    let training = try RecordedTraining(run) { try $0.training.apply(options) }
    let parameters = try training.parameters(
      point == .start ? ArtifactName.startParameters : ArtifactName.finalParameters, of: run,
      in: store)
    let epoch = point == .start ? 0 : Int(run.metrics["cost"]?.lastStep ?? 0)
    let check = try training.trainer.checkGradient(at: parameters)
    var record = GradientCheckRecord(
      check, at: CheckMoment(point == .start ? .start : .end, epoch: epoch))
    record.id = try store.record(
      record, vectors: GradientCheckRecord.Vectors(check), run: run.id)
    return record
  }
}
