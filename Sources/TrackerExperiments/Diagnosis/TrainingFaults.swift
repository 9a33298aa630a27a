import TrackerDiagnosis
import TrackerEngine
package import TrackerGradientCheck
import TrackerOptimization
package import TrackerStore

/// The faults of the trainings of many runs: what runs have in common is found out once.
package struct TrainingFaults {
  private let store: Store
  /// By the names of metrics that runs record.
  private var metrics: [Set<String>: DiagnosedMetrics] = [:]
  /// By what decides them; `nil` where the data is not there any more.
  private var facts: [TrainingFacts.Source: TrainingFacts?] = [:]

  /// The faults of a store's runs.
  package init(store: Store) { self.store = store }

  /// The likeliest fault of a training, if one is likelier than not.
  ///
  /// Of our own runs the data are loaded only where something is wrong: they tell why, not whether.
  package mutating func fault(of run: Run) throws -> Finding? {
    let keys = Set(run.metrics.keys)
    let metrics = self.metrics[keys] ?? DiagnosedMetrics(among: keys)
    self.metrics[keys] = metrics
    let reading = TrainingReading(store: store, run: run, metrics: metrics)
    var evidence = try reading.evidence(nil)
    guard let found = likelyFault(evidence) else { return nil }
    guard let facts = facts(of: run, reading.ownConfiguration) else { return found }
    reading.add(facts, to: &evidence)
    return likelyFault(evidence)
  }

  private mutating func facts(of run: Run, _ configuration: RunConfiguration?) -> TrainingFacts? {
    guard let configuration else { return nil }
    let source = TrainingFacts.Source(configuration, of: run)
    if let known = facts[source] { return known }
    let found = (try? RecordedTraining(run)).map(TrainingFacts.init)
    facts[source] = .some(found)
    return found
  }
}

extension TrainingFaults {
  /// The likeliest faults of many runs' trainings, by run; one that cannot be read is left out.
  ///
  /// - Parameter threads: the most that read at the same time, each with a connection of its own
  package static func all(
    of runs: [Run], in store: Store, threads: Int = 2
  ) -> [Int64: Finding] {
    let found = inParallel(
      over: runs, threads: runs.count < fewest ? 1 : threads,
      with: { thread in
        (thread == 0 ? store : store.anotherReader).map(TrainingFaults.init(store:))
      }
    ) { faults, run in try? faults.fault(of: run) }
    var byRun: [Int64: Finding] = [:]
    for (run, fault) in zip(runs, found) { byRun[run.id] = fault }
    return byRun
  }

  /// Fewer runs are judged sooner than a second connection is there.
  private static let fewest = 12
}
