package import TrackerEngine
package import TrackerStore

/// One training that is recorded as it goes: the place where the engine's events become the store's
/// rows.
package struct Experiment {
  /// The number of the run in the store.
  package var runID: Int64 { writer.id }
  private let configuration: RunConfiguration
  private let dataset: Dataset
  /// Where it is recorded.
  package let store: Store
  /// What its run is written with.
  package let writer: RunWriter
  private let state: [UInt8]?

  /// Starts the record of a run.
  ///
  /// - Throws: ``StoreError``
  package init(
    configuration: RunConfiguration, dataset: Dataset, store: Store, environment: RunEnvironment,
    patch: CodePatch = .none
  ) throws {
    self.configuration = configuration
    self.dataset = dataset
    self.store = store
    state = nil
    writer = try store.startRun(
      RunStart(configuration, dataset: dataset, environment: environment, patch: patch))
  }

  /// Goes on with a record that was started.
  init(
    configuration: RunConfiguration, dataset: Dataset, store: Store, writer: RunWriter,
    state: [UInt8]?
  ) {
    self.configuration = configuration
    self.dataset = dataset
    self.store = store
    self.state = state
    self.writer = writer
  }

  /// Trains. What an event says is in the store before `observe` sees it, but for epochs of a few milliseconds, which are
  /// written fifty times a second, and for a store that cannot take it now: the training goes on, and the event is tried again.
  ///
  /// - Parameters:
  ///   - alerting: watches the metrics, and may ask to stop; it reads the store, where each epoch is at once then
  ///   - show: shows an epoch to people, or does not: one that was shown is in the store before the next one begins
  ///   - observe: sees each event, and may ask to stop: the run then ends as interrupted
  ///   - onNotice: hears when the store stops taking records, and when it takes them again
  /// - Returns: what became of the run
  /// - Throws: what ended the training; the run is recorded as failed, with the error. ``UnrecordedError``
  ///   when the store did not take the end of a training that came to its end
  package func run(
    onNotice: @escaping (ResilientWriter.Notice) -> Void = { _ in }, alerting: Alerting? = nil,
    show: (EpochMetrics) -> Bool = { _ in false }, _ observe: (TrainingEvent) throws -> Continuation
  ) throws -> RunStatus {
    var recorder = Recorder(
      writer: ResilientWriter(writer, onNotice: onNotice),
      patience: alerting == nil ? .milliseconds(20) : .zero)
    alerting?.writer = recorder.writer
    do {
      let trainer = try Trainer(configuration: configuration.training, dataset: dataset)
      let outcome = try trainer.run(resumingFrom: state) { event in
        if case .epoch(let epoch) = event {
          try recorder.record(event, isShown: show(epoch))
          alerting?.see(epoch.values, step: Int64(epoch.epoch))
        } else {
          try recorder.record(event)
        }
        let answer = try observe(event)
        return alerting?.stopper == nil ? answer : .stop
      }
      return try recorder.finish(outcome)
    } catch let error as UnrecordedError {
      throw error
    } catch {
      recorder.fail(error)
      throw error
    }
  }

  /// At most this many epochs.
  package var epochLimit: Int { configuration.training.epochs }

  /// The run as the store has it.
  package func record() throws -> Run { try store.run(id: runID) }
}

extension RunStart {
  /// What is known of a training before it starts.
  init(
    _ configuration: RunConfiguration, dataset: Dataset, environment: RunEnvironment,
    patch: CodePatch
  ) {
    self.init(
      experiment: configuration.experiment, name: configuration.name,
      parameters: configuration.parameters, dataset: DatasetRecord(dataset),
      environment: environment, tags: configuration.tags, note: configuration.note,
      patch: patch)
  }
}
