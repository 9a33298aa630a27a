/// All that a sweep is started with.
package struct SweepStart: Hashable, Sendable {
  /// The command line, ready to be typed again.
  package var command: String
  /// The folder that relative paths among the options start from.
  package var directory: String
  /// The options of each run, as they were typed: those that vary hold all their values.
  package var options: [SweepOption]
  /// How values are chosen, such as `grid`.
  package var sampler: String
  /// What decides the choices of a sampler that throws dice.
  package var samplerSeed: Int64
  /// How many trials there are to be.
  package var trialCount: Int
  /// What ends hopeless trials, or `nil`.
  package var pruner: String?
  /// No trial is ended before so many epochs.
  package var leastEpochs: Int
  /// The metric that is to become better; its last value counts.
  package var objective: String
  /// Which way it is better.
  package var direction: MetricDirection
  /// When the sweep started.
  package var startedAt: Timestamp

  /// A sweep to be recorded.
  package init(
    command: String, directory: String, options: [SweepOption], sampler: String,
    samplerSeed: Int64 = 0, trialCount: Int, pruner: String? = nil, leastEpochs: Int = 0,
    objective: String, direction: MetricDirection, startedAt: Timestamp = .now()
  ) {
    self.command = command
    self.directory = directory
    self.options = options
    self.sampler = sampler
    self.samplerSeed = samplerSeed
    self.trialCount = trialCount
    self.pruner = pruner
    self.leastEpochs = leastEpochs
    self.objective = objective
    self.direction = direction
    self.startedAt = startedAt
  }
}

/// An option of a command line.
package struct SweepOption: Hashable, Sendable {
  /// Its name, without dashes, such as `init-range`.
  package var name: String
  /// Its value; `nil` for a flag.
  package var value: String?

  /// An option with its value, or a flag.
  package init(name: String, value: String?) {
    self.name = name
    self.value = value
  }
}

/// A sweep as the store knows it.
package struct Sweep: Hashable, Sendable {
  /// 1, 2, 3 …; never used again.
  package var id: Int64
  /// Names the sweep across stores.
  package var uuid: String
  /// What has become of it.
  package var status: RunStatus
  /// When it ended; `nil` while it runs, and after a crash.
  package var endedAt: Timestamp?
  /// What it was started with.
  package var start: SweepStart
  /// The trials that were begun, by number.
  package var trials: [SweepTrial]

  /// A sweep put together from its parts.
  package init(
    id: Int64, uuid: String, status: RunStatus, endedAt: Timestamp?, start: SweepStart,
    trials: [SweepTrial]
  ) {
    self.id = id
    self.uuid = uuid
    self.status = status
    self.endedAt = endedAt
    self.start = start
    self.trials = trials
  }
}

/// One run of a sweep.
package struct SweepTrial: Hashable, Sendable {
  /// Which of the sweep's trials, from 0.
  package var number: Int
  /// The run.
  package var runID: Int64
  /// What has become of the run.
  package var runStatus: RunStatus
  /// Whether the sweep ended it early.
  package var isPruned: Bool
  /// The objective's last value, if there is one.
  package var value: Double?
  /// What it was given of the options that vary, by option.
  package var values: [String: String]

  /// Whether it came to its end, and is not run again.
  package var isDone: Bool { isPruned || runStatus == .finished || runStatus == .failed }

  /// A trial as a sweep has it.
  package init(
    number: Int, runID: Int64, runStatus: RunStatus, isPruned: Bool = false, value: Double? = nil,
    values: [String: String]
  ) {
    self.number = number
    self.runID = runID
    self.runStatus = runStatus
    self.isPruned = isPruned
    self.value = value
    self.values = values
  }
}
