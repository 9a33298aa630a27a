import Synchronization
import TrackerEngine
import TrackerSearch
import TrackerStore

/// What the threads of a sweep share: which trials were begun and what came of them, and what is to be done next.
final class SweepProgress: Sendable {
  /// A trial to be run.
  struct Next {
    let number: Int
    let values: [String: String]
    /// Its run, where it was begun before and did not come to its end.
    let interruptedRun: Int64?
  }

  private struct State {
    /// Trials that were begun, by number.
    var trials: [Int: SweepTrial] = [:]
    /// Those of them that are to go on, the last first.
    var interrupted: [SweepTrial] = []
    var next = 0
    var pruner: (any Pruner)?
    var datasets: [DataSource: Dataset] = [:]
    var failure: (any Error)?
  }

  private let start: SweepStart
  private let plan: SweepPlan
  private let state: Mutex<State>

  /// - Throws: ``StoreError``
  init(sweep: Sweep, plan: SweepPlan, store: Store) throws {
    start = sweep.start
    self.plan = plan
    var initial = State()
    for trial in sweep.trials { initial.trials[trial.number] = trial }
    initial.interrupted = sweep.trials.filter { !$0.isDone }.reversed()
    if let method = sweep.start.pruner.flatMap(PrunerMethod.init) {
      var pruner = method.makePruner(leastEpochs: sweep.start.leastEpochs)
      for trial in sweep.trials {
        for point in try store.points(run: trial.runID, metric: sweep.start.objective) {
          _ = pruner.report(
            trial: trial.number, epoch: Int(point.step),
            loss: sweep.start.direction.loss(point.value))
        }
        if trial.runStatus == .finished { pruner.finish(trial: trial.number) }
      }
      initial.pruner = pruner
    }
    state = Mutex(initial)
  }

  /// The next trial to be run; `nil` when there is none, or something has failed.
  func next() -> Next? {
    state.withLock { state in
      guard state.failure == nil else { return nil }
      if let trial = state.interrupted.popLast() {
        return Next(number: trial.number, values: trial.values, interruptedRun: trial.runID)
      }
      while state.trials[state.next] != nil { state.next += 1 }
      guard state.next < start.trialCount else { return nil }
      let number = state.next
      let history = state.trials.values.sorted { $0.number < $1.number }.map { trial in
        (values: trial.values, loss: loss(of: trial))
      }
      let values = plan.values(trial: number, after: history)
      // From here on others know of it.
      state.trials[number] = SweepTrial(
        number: number, runID: 0, runStatus: .running, values: values)
      return Next(number: number, values: values, interruptedRun: nil)
    }
  }

  /// What a sampler learns from a trial; `nil` while it goes on.
  private func loss(of trial: SweepTrial) -> Double? {
    guard trial.isDone else { return nil }
    guard trial.runStatus != .failed, let value = trial.value else { return .infinity }
    return start.direction.loss(value)
  }

  /// Takes note of the objective after an epoch; says so if the trial is hopeless.
  func report(trial: Int, epoch: Int, value: Double) -> HopelessTrial? {
    state.withLock { state in
      state.pruner?.report(trial: trial, epoch: epoch, loss: start.direction.loss(value))
    }
  }

  /// Why a trial was ended early.
  func sentence(_ verdict: HopelessTrial) -> String {
    // The loss of what is to grow is its negative; and the function is its own inverse.
    let (own, bound) = (start.direction.loss(verdict.loss), start.direction.loss(verdict.bound))
    return "Pruned: its \(start.objective) of \(own) is worse than \(bound), \(verdict.meaning)."
  }

  /// Takes note of a trial that has ended.
  func finish(_ trial: SweepTrial) {
    state.withLock { state in
      state.trials[trial.number] = trial
      if trial.runStatus == .finished { state.pruner?.finish(trial: trial.number) }
    }
  }

  /// Takes note of an error that ends the sweep; the first counts.
  func fail(_ error: any Error) {
    state.withLock { $0.failure = $0.failure ?? error }
  }

  func throwFailure() throws {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  /// Whether every trial came to its end.
  var isComplete: Bool {
    state.withLock { state in
      (0..<start.trialCount).allSatisfy { state.trials[$0]?.isDone == true }
    }
  }

  /// The data, read once.
  func dataset(_ source: DataSource) throws -> Dataset {
    try state.withLock { state in
      if let dataset = state.datasets[source] { return dataset }
      let dataset = try source.load()
      state.datasets[source] = dataset
      return dataset
    }
  }
}

extension MetricDirection {
  /// The value as something that is better when less.
  func loss(_ value: Double) -> Double { self == .minimize ? value : 0 - value }
}
