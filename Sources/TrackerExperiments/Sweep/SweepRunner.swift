import Synchronization
package import TrackerEngine
import TrackerOptimization
import TrackerSearch
package import TrackerStore

/// What happens in a sweep. Trials side by side tell of themselves at the same time.
package enum SweepEvent: Sendable {
  /// A trial begins, or goes on.
  case started(SweepTrial, epochLimit: Int)
  /// A trial's epoch is recorded.
  case epoch(trial: Int, EpochMetrics)
  /// A trial has ended.
  case ended(SweepTrial)
}

/// Runs the trials of a sweep, some side by side on threads of this process.
///
/// Threads and not processes: whatever ends this process ends all its trials at once, so that none goes on unseen; they
/// share the data, the connection to the store, and the engine's threads, which serve one training at a time while the
/// others do their own work.
package struct SweepRunner: Sendable {
  private let store: Store
  private let sweep: Sweep
  private let plan: SweepPlan
  private let environment: RunEnvironment
  private let patch: CodePatch
  private let configure: @Sendable ([String: ParameterValue]) throws -> RunConfiguration

  /// - Parameters:
  ///   - sweep: the sweep as the store has it
  ///   - environment: where and by what it is run
  ///   - patch: what its code was changed since the commit
  ///   - configure: the configuration of a trial with these values
  package init(
    sweep: Sweep, plan: SweepPlan, store: Store, environment: RunEnvironment,
    patch: CodePatch = .none,
    configure: @escaping @Sendable ([String: ParameterValue]) throws -> RunConfiguration
  ) {
    self.store = store
    self.sweep = sweep
    self.plan = plan
    self.environment = environment
    self.patch = patch
    self.configure = configure
  }

  /// Runs what is not done yet, and ends the sweep.
  ///
  /// - Parameters:
  ///   - jobs: how many trials are run side by side
  ///   - isStopped: whether somebody asked to stop; running trials then end as interrupted
  ///   - observe: sees each event; called from several threads
  /// - Throws: what keeps any trial from being run or recorded; a training that fails is a failed trial, and no error
  package func run(
    jobs: Int, isStopped: @escaping @Sendable () -> Bool,
    observe: @escaping @Sendable (SweepEvent) -> Void
  ) throws -> RunStatus {
    let progress = try SweepProgress(sweep: sweep, plan: plan, store: store)
    inParallel(jobs) { _ in
      while !isStopped(), let trial = progress.next() {
        do {
          try run(trial, progress, isStopped: isStopped, observe: observe)
        } catch {
          progress.fail(error)
        }
      }
    }
    do { try progress.throwFailure() } catch {
      try? store.finishSweep(id: sweep.id, .failed)
      throw error
    }
    let ending: RunEnding = progress.isComplete ? .finished : .interrupted
    try store.finishSweep(id: sweep.id, ending)
    return ending.status
  }

  private func run(
    _ trial: SweepProgress.Next, _ progress: SweepProgress,
    isStopped: () -> Bool, observe: (SweepEvent) -> Void
  ) throws {
    let experiment = try start(trial, progress)
    var record = SweepTrial(
      number: trial.number, runID: experiment.runID, runStatus: .running, values: trial.values)
    observe(.started(record, epochLimit: experiment.epochLimit))
    var verdict: HopelessTrial?
    do {
      record.runStatus = try experiment.run { event in
        guard case .epoch(let epoch) = event else { return .proceed }
        observe(.epoch(trial: trial.number, epoch))
        let value = try objective(in: epoch)
        record.value = value
        let hopeless = progress.report(trial: trial.number, epoch: epoch.epoch, value: value)
        // After the last epoch there is nothing to be saved.
        if epoch.epoch < experiment.epochLimit { verdict = hopeless }
        return verdict != nil || isStopped() ? .stop : .proceed
      }
    } catch let error
      where error is StoreError || error is SweepError || error is UnrecordedError
    {
      throw error
    } catch {
      // The training failed, and its run says so: the others go on.
      record.runStatus = .failed
    }
    if let verdict, record.runStatus == .interrupted {
      record.isPruned = true
      try store.markPruned(
        trial: trial.number, ofSweep: sweep.id, outcome: progress.sentence(verdict))
    }
    progress.finish(record)
    observe(.ended(record))
  }

  private func objective(in epoch: EpochMetrics) throws -> Double {
    guard let value = epoch[sweep.start.objective] else {
      throw SweepError(
        "the trials have no metric named \(sweep.start.objective)",
        advice: "There are: \(epoch.values.map(\.key).joined(separator: ", "))")
    }
    return value
  }

  private func start(_ trial: SweepProgress.Next, _ progress: SweepProgress) throws -> Experiment {
    var environment = environment
    let arguments = plan.arguments(trial.values)
    environment.command = RunEnvironment.commandLine(["tracker", "run"] + arguments)
    if let runID = trial.interruptedRun {
      return try Resumption.experiment(
        of: store.run(id: runID), in: store, environment: environment)
    }
    var configuration = try configure(plan.parameterValues(trial.values))
    if !sweep.start.options.contains(where: { $0.name == "experiment" }) {
      configuration.experiment = "sweep-\(sweep.id)"
    }
    let dataset = try progress.dataset(configuration.data)
    let writer = try store.startTrial(
      trial.number, ofSweep: sweep.id, values: trial.values,
      run: RunStart(
        configuration, dataset: dataset, environment: environment, patch: patch))
    return Experiment(
      configuration: configuration, dataset: dataset, store: store, writer: writer, state: nil)
  }
}
