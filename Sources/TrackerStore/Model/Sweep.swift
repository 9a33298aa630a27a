/// All that a sweep is started with.
public struct SweepStart: Hashable, Sendable {
  /// The command line, ready to be typed again.
  public var command: String
  /// The folder that relative paths among the options start from.
  public var directory: String
  /// The options of each run, as they were typed: those that vary hold all their values.
  public var options: [SweepOption]
  /// How values are chosen, such as `grid`.
  public var sampler: String
  /// What decides the choices of a sampler that throws dice.
  public var samplerSeed: Int64
  /// How many trials there are to be.
  public var trialCount: Int
  /// What ends hopeless trials, or `nil`.
  public var pruner: String?
  /// No trial is ended before so many epochs.
  public var leastEpochs: Int
  /// The metric that is to become better; its last value counts.
  public var objective: String
  /// Which way it is better.
  public var direction: MetricDirection
  /// When the sweep started.
  public var startedAt: Timestamp

  /// A sweep to be recorded.
  public init(
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
public struct SweepOption: Hashable, Sendable {
  /// Its name, without dashes, such as `init-range`.
  public var name: String
  /// Its value; `nil` for a flag.
  public var value: String?

  /// An option with its value, or a flag.
  public init(name: String, value: String?) {
    self.name = name
    self.value = value
  }
}

/// A sweep as the store knows it.
public struct Sweep: Hashable, Sendable {
  /// 1, 2, 3 …; never used again.
  public var id: Int64
  /// Names the sweep across stores.
  public var uuid: String
  /// What has become of it.
  public var status: RunStatus
  /// When it ended; `nil` while it runs, and after a crash.
  public var endedAt: Timestamp?
  /// What it was started with.
  public var start: SweepStart
  /// The trials that were begun, by number.
  public var trials: [SweepTrial]

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
public struct SweepTrial: Hashable, Sendable {
  /// Which of the sweep's trials, from 0.
  public var number: Int
  /// The run.
  public var runID: Int64
  /// What has become of the run.
  public var runStatus: RunStatus
  /// Whether the sweep ended it early.
  public var isPruned: Bool
  /// The objective's last value, if there is one.
  public var value: Double?
  /// What it was given of the options that vary, by option.
  public var values: [String: String]

  /// Whether it came to its end, and is not run again.
  public var isDone: Bool { isPruned || runStatus == .finished || runStatus == .failed }

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
