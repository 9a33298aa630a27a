/// What has become of a run.
public enum RunStatus: String, Hashable, Sendable, CaseIterable {
  /// It is going on.
  case running
  /// It came to its end.
  case finished
  /// An error ended it; the error is kept with the run.
  case failed
  /// A person or the system ended it (SIGINT, SIGTERM).
  case interrupted
  /// Its process is gone without having said so.
  case crashed
}

/// How a run or a sweep ends.
public enum RunEnding: String, Hashable, Sendable, CaseIterable {
  /// It came to its end.
  case finished
  /// An error ended it.
  case failed
  /// A person or the system ended it.
  case interrupted
  /// Its process is gone without having said so.
  case crashed

  /// The status of a run that has ended so.
  public var status: RunStatus {
    switch self {
    case .finished: .finished
    case .failed: .failed
    case .interrupted: .interrupted
    case .crashed: .crashed
    }
  }
}

/// The data that a run was trained on.
public struct DatasetRecord: Hashable, Sendable {
  /// `digits`, or the file's name.
  public var name: String
  /// SHA-256 of the data's bytes, in lower-case hexadecimal.
  public var sha256: String
  /// Examples.
  public var rows: Int
  /// Inputs of an example.
  public var features: Int
  /// Classes to tell apart.
  public var classes: Int

  /// A data set of `rows` examples.
  public init(name: String, sha256: String, rows: Int, features: Int, classes: Int) {
    self.name = name
    self.sha256 = sha256
    self.rows = rows
    self.features = features
    self.classes = classes
  }
}

/// Where and by what a run was made.
public struct RunEnvironment: Hashable, Sendable {
  /// Program and version, such as `tracker 0.1.0`.
  public var program: String
  /// The commit of the git work tree that the run was started in, or `nil` outside one.
  public var gitCommit: String?
  /// Whether that work tree had changes.
  public var gitDirty: Bool?
  /// The machine's name.
  public var host: String
  /// The user's name.
  public var user: String
  /// The process: what tells a living run from a crashed one.
  public var process: ProcessIdentity
  /// The command line, ready to be typed again.
  public var command: String

  /// The surroundings of a run.
  public init(
    program: String, gitCommit: String?, gitDirty: Bool?, host: String, user: String,
    process: ProcessIdentity, command: String
  ) {
    self.program = program
    self.gitCommit = gitCommit
    self.gitDirty = gitDirty
    self.host = host
    self.user = user
    self.process = process
    self.command = command
  }
}

/// What names one process among all that ever ran: a bare pid is given to others later.
public struct ProcessIdentity: Hashable, Sendable {
  /// The process id, in its own pid namespace.
  public var pid: Int32
  /// When the process started, in the system's clock ticks since boot (Linux) or microseconds
  /// since 1970 (macOS); `nil` where the system does not tell.
  public var startTime: Int64?
  /// The boot that the pid belongs to (Linux: `/proc/sys/kernel/random/boot_id`).
  public var bootID: String?
  /// The pid namespace (Linux: the inode of `/proc/self/ns/pid`).
  public var pidNamespace: String?
  /// The machine (Linux: `/etc/machine-id`), for names of machines are not unique.
  public var machineID: String?

  /// The identity of a process.
  public init(
    pid: Int32, startTime: Int64?, bootID: String?, pidNamespace: String?, machineID: String? = nil
  ) {
    self.machineID = machineID
    self.pid = pid
    self.startTime = startTime
    self.bootID = bootID
    self.pidNamespace = pidNamespace
  }
}

/// All that is known of a run when it starts.
public struct RunStart: Sendable {
  /// The group that the run belongs to.
  public var experiment: String
  /// A name for people; need not be unique.
  public var name: String?
  /// What the run was started with; fixed from here on.
  public var parameters: [String: ParameterValue]
  /// The data, if known.
  public var dataset: DatasetRecord?
  /// Where and by what.
  public var environment: RunEnvironment
  /// Free text by key, changeable at any time.
  public var tags: [String: String]
  /// Free text, changeable at any time.
  public var note: String?
  /// When it started.
  public var startedAt: Timestamp
  /// What the code was changed since its commit; kept as the artifact ``CodePatch/artifactName``.
  public var patch: CodePatch

  /// A run to be recorded.
  public init(
    experiment: String = "default", name: String? = nil,
    parameters: [String: ParameterValue] = [:], dataset: DatasetRecord? = nil,
    environment: RunEnvironment = .current(), tags: [String: String] = [:], note: String? = nil,
    startedAt: Timestamp = .now(), patch: CodePatch = .none
  ) {
    self.patch = patch
    self.experiment = experiment
    self.name = name
    self.parameters = parameters
    self.dataset = dataset
    self.environment = environment
    self.tags = tags
    self.note = note
    self.startedAt = startedAt
  }
}

/// A run as the store knows it, with its metrics summed up; curves, checks' vectors and artifacts are
/// read on demand.
public struct Run: Sendable {
  /// 1, 2, 3 …; never used again.
  public var id: Int64
  /// Names the run across stores.
  public var uuid: String
  /// The group that the run belongs to.
  public var experiment: String
  /// A name for people.
  public var name: String?
  /// What has become of it.
  public var status: RunStatus
  /// The error that ended it, when `status` is ``RunStatus/failed``; else `nil`.
  public var error: String?
  /// Why it ended, in a sentence, such as the optimiser's stop reason.
  public var outcome: String?
  /// The name of why it ended, such as `lineSearchFailed` or `epochLimit`; `nil` where nobody said.
  public var stopReason: String?
  /// When it started.
  public var startedAt: Timestamp
  /// When it ended; for a crashed run, the last moment that it wrote something. `nil` while running.
  public var endedAt: Timestamp?
  /// When it was archived, or `nil`.
  public var archivedAt: Timestamp?
  /// When its client was last heard of, give or take 5 s; `nil` for a run that a process of this store's makes.
  package var heardAt: Timestamp?
  /// The number of the run that it is nested in; `nil` where there is none in this store.
  public var parent: Int64?
  /// What it was started with.
  public var parameters: [String: ParameterValue]
  /// Each metric's first, last and extreme values, by key.
  public var metrics: [String: MetricSummary]
  /// Its gradient checks, without their vectors, in the order they were made.
  public var gradientChecks: [GradientCheckRecord]
  /// What was noticed while it went on, in order.
  public var alerts: [Alert]
  /// Free text by key.
  public var tags: [String: String]
  /// Free text.
  public var note: String?
  /// The data.
  public var dataset: DatasetRecord?
  /// Where and by what.
  public var environment: RunEnvironment

  /// A run put together from its parts; what a run need not have may be left out.
  package init(
    id: Int64, uuid: String = "", experiment: String = "default", name: String? = nil,
    status: RunStatus, error: String? = nil, outcome: String? = nil,
    stopReason: String? = nil, startedAt: Timestamp,
    endedAt: Timestamp? = nil, archivedAt: Timestamp? = nil, heardAt: Timestamp? = nil,
    parent: Int64? = nil, parameters: [String: ParameterValue] = [:],
    metrics: [String: MetricSummary] = [:],
    gradientChecks: [GradientCheckRecord] = [], alerts: [Alert] = [],
    tags: [String: String] = [:], note: String? = nil, dataset: DatasetRecord? = nil,
    environment: RunEnvironment
  ) {
    self.id = id
    self.uuid = uuid
    self.experiment = experiment
    self.name = name
    self.status = status
    self.error = error
    self.outcome = outcome
    self.stopReason = stopReason
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.archivedAt = archivedAt
    self.heardAt = heardAt
    self.parent = parent
    self.parameters = parameters
    self.metrics = metrics
    self.gradientChecks = gradientChecks
    self.alerts = alerts
    self.tags = tags
    self.note = note
    self.dataset = dataset
    self.environment = environment
  }
}

extension Run {
  /// How long it took, in seconds; `nil` while it is going on.
  public var durationSeconds: Double? {
    endedAt.map { Double($0.milliseconds - startedAt.milliseconds) / 1000 }
  }
}

extension [Run] {
  /// How many of them have each metric.
  package var metricCounts: [String: Int] {
    var counts: [String: Int] = [:]
    var start = startIndex
    while start < endIndex {
      // Most runs have the metrics of the one before: such runs are counted together.
      let keys = self[start].metrics.keys
      var end = start + 1
      while end < endIndex, self[end].metrics.keys.elementsEqual(keys) { end += 1 }
      for key in keys { counts[key, default: 0] += end - start }
      start = end
    }
    return counts
  }

  /// The keys of all metrics that any of them has.
  package var metricKeys: Set<String> { Set(metricCounts.keys) }
}
