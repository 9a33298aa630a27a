import TrackerReporting
import TrackerStore

extension StoreOptions {
  /// The store that is there, with its crashed runs seen as such: what every command that looks at runs
  /// begins with.
  func open(in context: CommandContext) throws -> Store {
    let store = try Store(
      path: path(in: context), access: .existing, program: TrackerCommand.program)
    try store.markCrashedRuns()
    return store
  }
}

extension Store {
  /// The series of these runs; of all their metrics, unless some are named.
  func curves(of runs: [Run], metrics: [String]? = nil) throws -> [MetricCurve] {
    try runs.flatMap { run in
      try (metrics ?? Array(run.metrics.keys)).filter { run.metrics[$0] != nil }.map { key in
        MetricCurve(run: run.id, metric: key, points: try points(run: run.id, metric: key))
      }
    }
  }
}
