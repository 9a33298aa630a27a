import TrackerDiagnosis
import TrackerEngine
package import TrackerGradientCheck
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

  /// The likeliest fault of a training, if one is likelier than not: what lists and pages say in a word.
  ///
  /// Of our own runs the data are loaded only where something is wrong: they tell why, not whether.
  package mutating func fault(of run: Run) throws -> Finding? {
    let keys = Set(run.metrics.keys)
    let metrics = self.metrics[keys] ?? DiagnosedMetrics(among: keys)
    self.metrics[keys] = metrics
    let reading = TrainingReading(store: store, run: run, metrics: metrics)
    var evidence = try reading.evidence(nil)
    guard let found = Self.fault(diagnoseTraining(evidence)) else { return nil }
    guard let facts = facts(of: run, reading.ownConfiguration) else { return found }
    reading.add(facts, to: &evidence)
    return Self.fault(diagnoseTraining(evidence))
  }

  private static func fault(_ findings: [Finding]) -> Finding? {
    findings.first { $0.cause.isFault && $0.likelihood > 0.5 }
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
