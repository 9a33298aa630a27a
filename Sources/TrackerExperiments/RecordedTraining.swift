import TrackerEngine
import TrackerGradientCheck
import TrackerStore

/// A run that was trained by this program, made ready again: its configuration, data and network.
struct RecordedTraining {
  let configuration: RunConfiguration
  let dataset: Dataset
  let trainer: Trainer

  /// - Parameters:
  ///   - run: the run as the store has it
  ///   - change: what is to be otherwise than in the run, such as another ε
  /// - Throws: ``InputError`` when the run was not trained by this program, or its data is not what it was
  init(_ run: Run, _ change: (inout RunConfiguration) throws -> Void = { _ in }) throws {
    var configuration = try RunConfiguration(parameters: run.parameters)
    try change(&configuration)
    dataset = try configuration.data.load()
    if let recorded = run.dataset, recorded.sha256 != dataset.sha256 {
      throw InputError(
        .malformed, "the data \(dataset.name) is not what run \(run.id) was trained on",
        advice: "Bring back the data with SHA-256 \(recorded.sha256).")
    }
    trainer = try Trainer(configuration: configuration.training, dataset: dataset)
    self.configuration = configuration
  }

  /// The run's stored parameters under this name.
  func parameters(_ name: String, of run: Run, in store: Store) throws -> [Double] {
    let parameters = try store.artifact(run: run.id, name: name).withUnsafeBytes {
      Float64Vector.vector(of: $0)
    }
    guard parameters.count == trainer.model.layout.count else {
      throw InputError(.malformed, "run \(run.id) has parameters of another network")
    }
    return parameters
  }
}
