package import TrackerEngine
package import TrackerStore

/// One training that is recorded as it goes: the place where the engine's events become the store's
/// rows.
package struct Experiment {
  /// The number of the run in the store.
  package var runID: Int64 { recorder.runID }
  private let configuration: RunConfiguration
  private let dataset: Dataset
  private let store: Store
  private let recorder: Recorder

  /// Starts the record of a run.
  ///
  /// - Throws: ``StoreError``
  package init(
    configuration: RunConfiguration, dataset: Dataset, store: Store, environment: RunEnvironment
  ) throws {
    self.configuration = configuration
    self.dataset = dataset
    self.store = store
    recorder = try Recorder(
      store: store,
      start: RunStart(
        experiment: configuration.experiment, name: configuration.name,
        parameters: configuration.parameters, dataset: DatasetRecord(dataset),
        environment: environment, tags: configuration.tags, note: configuration.note))
  }

  /// Trains. What an event says is in the store before `observe` sees it.
  ///
  /// - Parameter observe: sees each event, and may ask to stop: the run then ends as interrupted
  /// - Returns: what became of the run
  /// - Throws: what ended the training; the run is recorded as failed, with the error
  package func run(_ observe: (TrainingEvent) throws -> Continuation) throws -> RunStatus {
    do {
      let trainer = try Trainer(configuration: configuration.training, dataset: dataset)
      let outcome = try trainer.run { event in
        try recorder.record(event)
        return try observe(event)
      }
      return try recorder.finish(outcome)
    } catch {
      recorder.fail(error)
      throw error
    }
  }

  /// The run as the store has it.
  package func record() throws -> Run { try store.run(id: runID) }
}
