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
  /// Those of the run before: most runs have the same.
  private var latest: (keys: [String], metrics: DiagnosedMetrics)?
  /// By what decides them; `nil` where the data is not there any more.
  private var facts: [TrainingFacts.Source: TrainingFacts?] = [:]

  /// The faults of a store's runs.
  package init(store: Store) { self.store = store }

  /// The likeliest fault of a training, if one is likelier than not.
  ///
  /// Of our own runs the data are loaded only where something is wrong: they tell why, not whether.
  package mutating func fault(of run: Run) throws -> Finding? {
    try store.withMedians(atMost: TrainingReading.mostPoints) { try fault(of: run, $0) }
  }

  /// The likeliest faults of many runs' trainings, by run; one that cannot be read is left out.
  package mutating func faults(of runs: [Run]) -> [Int64: Finding] {
    var found: [Int64: Finding] = [:]
    try? store.withMedians(atMost: TrainingReading.mostPoints) { reader in
      for run in runs { found[run.id] = try? reader.whole { try fault(of: run, reader) } }
    }
    return found
  }

  private mutating func fault(of run: Run, _ reader: MedianReader) throws -> Finding? {
    let reading = TrainingReading(store: store, run: run, metrics: metrics(of: run))
    var evidence = reading.evidence(reader)
    guard let found = likelyFault(evidence) else { return nil }
    guard let facts = facts(of: run, reading.ownConfiguration) else { return found }
    reading.add(facts, to: &evidence)
    return likelyFault(evidence)
  }

  private mutating func metrics(of run: Run) -> DiagnosedMetrics {
    if let latest, run.metrics.keys.elementsEqual(latest.keys) { return latest.metrics }
    let keys = Set(run.metrics.keys)
    let metrics = self.metrics[keys] ?? DiagnosedMetrics(among: keys)
    self.metrics[keys] = metrics
    latest = (Array(run.metrics.keys), metrics)
    return metrics
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
    of runs: [Run], in store: Store, threads: Int
  ) -> [Int64: Finding] {
    guard threads > 1, runs.count >= fewest else {
      var faults = TrainingFaults(store: store)
      return faults.faults(of: runs)
    }
    let found = inParallel(
      over: runs, threads: threads,
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
