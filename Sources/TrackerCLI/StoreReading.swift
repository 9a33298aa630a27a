import TrackerViews
import TrackerStore

extension StoreOptions {
  /// The store that is there, with its crashed runs seen as such: what every command that looks at runs
  /// begins with.
  ///
  /// - Parameter access: ``Store/Access/looking`` for a command that does nothing else
  func open(_ access: Store.Access = .existing, in context: CommandContext) throws -> Store {
    let store = try store(access, in: context)
    try store.markCrashedRuns()
    return store
  }

  /// The store; says so when an older one is brought up to date.
  func store(
    _ access: Store.Access, durability: Store.Durability = .normal, in context: CommandContext
  ) throws -> Store {
    let path = path(in: context)
    let notes = MigrationNotes(path: path, terminal: context.terminal)
    return try Store(
      path: path, access: access, durability: durability, program: TrackerCommand.program,
      onMigration: notes.show)
  }
}

/// Tells somebody who waits why.
private struct MigrationNotes {
  let path: String
  let terminal: Terminal

  func show(_ progress: MigrationProgress) {
    let stream = terminal.diagnostics
    switch progress {
    case .copying(let done, let total):
      guard terminal.allowsProgressBar, total > 0 else { return }
      stream.control("\r\u{1B}[2K")
      stream.write("copying \(path) before its schema changes: \(done * 100 / total) %")
    case .copied(let copy):
      if terminal.allowsProgressBar { stream.control("\r\u{1B}[2K") }
      stream.writeLine("note: \(path) is brought up to date; as it was it is kept in \(copy)")
    case .applying(let name):
      if terminal.allowsProgressBar { stream.writeLine("applying \(name)") }
    }
  }
}

extension Store {
  /// A run's series as lines of a few characters show them.
  func sparklines(of run: Run, metrics: [String]) throws -> [MetricCurve] {
    try metrics.map { key in
      MetricCurve(
        run: run.id, metric: key,
        points: try sampledPoints(run: run.id, metric: key, spans: 240))
    }
  }

  /// The series of these runs at the resolution of a terminal.
  func drawnCurves(of runs: [Run], metrics: [String]) throws -> [MetricCurve] {
    try metrics.flatMap { key in
      try runs.filter { $0.metrics[key] != nil }.map { run in
        MetricCurve(
          run: run.id, metric: key, points: try points(run: run.id, metric: key, spans: 240))
      }
    }
  }

  /// The runs' metrics at the last steps that all have, where they ended at different ones.
  func sharedSteps(of runs: [Run]) throws -> [SharedStep] {
    try SharedStep.missing(in: runs).map { metric, step in
      SharedStep(
        metric: metric, step: step,
        values: try runs.map { run in
          guard let summary = run.metrics[metric] else { return nil }
          return try summary.lastStep == step
            ? summary.last : point(run: run.id, metric: metric, atStep: step)?.value
        })
    }
  }

  /// The changes of code that these runs keep; equal ones are read once.
  func patches(of runs: [Run]) throws -> [Int64: KeptPatch] {
    var patches: [Int64: KeptPatch] = [:]
    var read: [String: KeptPatch] = [:]
    for run in runs where run.environment.gitDirty == true {
      let kept = try artifacts(run: run.id).first {
        $0.name == CodePatch.artifactName && $0.kind == CodePatch.artifactKind
      }
      guard let kept else { continue }
      let patch =
        try read[kept.sha256]
        ?? KeptPatch(
          sha256: kept.sha256,
          text: String(decoding: artifact(run: run.id, name: kept.name), as: UTF8.self))
      read[kept.sha256] = patch
      patches[run.id] = patch
    }
    return patches
  }

  /// When each run first had a value that is good enough.
  func reach(
    _ target: Double, of metric: String, _ direction: MetricDirection, in runs: [Run]
  ) throws -> TargetComparison {
    TargetComparison(
      metric: metric, value: target, direction: direction,
      reached: try runs.map { run in
        let found = try firstPoint(run: run.id, metric: metric, reaching: target, direction)
        return try found.map { found in
          // What a run counts of its own time leaves out what it stood still before it was resumed.
          let seconds = try point(run: run.id, metric: "seconds", atStep: found.step)?.value
          let wall = Double(found.time.milliseconds - run.startedAt.milliseconds) / 1000
          return TargetComparison.Reached(
            step: found.step, value: found.value,
            evaluations: try point(run: run.id, metric: "evaluations", atStep: found.step)?.value,
            seconds: seconds ?? wall)
        }
      })
  }
}
