import TrackerEngine
package import TrackerStore

/// A run that did not come to its end, ready to go on as if it had never stopped.
package enum Resumption {
  /// Whether the run was trained by this program; any other can only be opened for logging again.
  package static func isTraining(_ run: Run) -> Bool {
    do { _ = try RunConfiguration(parameters: run.parameters) } catch let error as InputError {
      return error.reason != .foreignRun
    } catch {}
    return true
  }

  /// Goes on from the run's last checkpoint, or from its start if it has none: a training is decided by its
  /// configuration, so that it ends the same to the bit.
  ///
  /// - Throws: ``InputError`` when the run was not trained by this program; `StoreError` when it has
  ///   finished or goes on
  package static func experiment(
    of run: Run, in store: Store, environment: RunEnvironment
  ) throws -> Experiment {
    let training = try RecordedTraining(run)
    let hasCheckpoint = try store.artifacts(run: run.id).contains {
      $0.name == ArtifactName.checkpoint
    }
    let state =
      try hasCheckpoint ? store.artifact(run: run.id, name: ArtifactName.checkpoint) : nil
    let epoch = try state.map(Trainer.epoch(ofCheckpoint:)) ?? -1
    let writer = try store.resumeRun(
      id: run.id, after: Int64(epoch), environment: environment)
    return Experiment(
      configuration: training.configuration, dataset: training.dataset, store: store,
      writer: writer, state: state)
  }
}
