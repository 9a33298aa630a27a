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

/// A gradient check of a run that was recorded earlier: its network and data are made again from what the
/// store knows.
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
  ///   - change: what is to be done otherwise than in the run, such as another ε
  /// - Throws: ``InputError`` when the run was not trained by this program or its data is not there
  package func check(
    at point: CheckPoint, _ change: (inout CheckSettings) -> Void
  ) throws -> GradientCheckRecord {
    var configuration = try RunConfiguration(parameters: run.parameters)
    change(&configuration.training.check)
    let dataset = try configuration.data.load()
    if let recorded = run.dataset, recorded.sha256 != dataset.sha256 {
      throw InputError(
        .malformed, "the data \(dataset.name) is not what run \(run.id) was trained on",
        advice: "Bring back the data with SHA-256 \(recorded.sha256).")
    }
    let name = point == .start ? ArtifactName.startParameters : ArtifactName.finalParameters
    let parameters = try store.artifact(run: run.id, name: name).withUnsafeBytes {
      Float64Vector.vector(of: $0)
    }
    let trainer = try Trainer(configuration: configuration.training, dataset: dataset)
    guard parameters.count == trainer.model.layout.count else {
      throw InputError(.malformed, "run \(run.id) has parameters of another network")
    }
    let epoch = point == .start ? 0 : Int(run.metrics["cost"]?.lastStep ?? 0)
    let check = try trainer.checkGradient(at: parameters)
    var record = GradientCheckRecord(
      check, at: CheckMoment(point == .start ? .start : .end, epoch: epoch))
    record.id = try store.record(
      record,
      vectors: GradientCheckRecord.Vectors(
        analytic: check.analytic, numerical: check.numerical, parameters: parameters), run: run.id)
    return record
  }
}
