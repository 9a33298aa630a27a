package import TrackerStore
package import TrackerValues

/// A run as another tracker's files tell it.
package struct ForeignRun {
  /// Names the run for ever: the tracker's word and its own id, such as `mlflow:0a1b2c…`. The same run
  /// read again has the same identity.
  package var identity: String
  /// The group that it belongs to.
  package var experiment = "default"
  /// A name for people.
  package var name: String?
  /// What has become of it; ``RunStatus/running`` where nobody said that it ended.
  package var status = RunStatus.finished
  /// The error that ended it.
  package var error: String?
  /// When it started; `nil` where the files do not tell.
  package var startedAt: Timestamp?
  /// When it ended; `nil` where the files do not tell.
  package var endedAt: Timestamp?
  /// Whether its tracker keeps it as deleted or archived.
  package var isArchived = false
  /// Free text.
  package var note: String?
  /// The machine's name.
  package var host = ""
  /// The user's name.
  package var user = ""
  /// The command line or the script.
  package var command = ""
  /// The commit of its code.
  package var gitCommit: String?
  /// What it was started with.
  package var parameters: [String: ParameterValue] = [:]
  /// Free text by key.
  package var tags: [String: String] = [:]
  /// The points of each metric, in the order in which they were logged.
  package var metrics: [String: [MetricPoint]] = [:]
  /// The data that it was given.
  package var inputs: [ClientInput] = []
  /// Its files.
  package var artifacts: [ForeignArtifact] = []

  package init(identity: String) { self.identity = identity }

  /// The UUID of the run of this identity: its own where it has one, as MLflow's runs do, so that it is the same run everywhere.
  static func uuid(of identity: String) -> String {
    let id = identity.split(separator: ":").last ?? ""
    let isHexadecimal =
      id.utf8.count == 32
      && id.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
      }
    guard isHexadecimal else { return StagedRun.uuid(of: identity) }
    let digits = Array(id)
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
      .joined(separator: "-")
  }

  /// How many points its metrics have.
  var pointCount: Int { metrics.values.reduce(0) { $0 + $1.count } }

  /// Whether the files told nothing but the name: damaged ones, and those of another kind, are so.
  var isEmpty: Bool {
    startedAt == nil && parameters.isEmpty && artifacts.isEmpty
      && metrics.values.allSatisfy(\.isEmpty)
  }
}

/// A file of a foreign run.
package struct ForeignArtifact {
  /// Its name in the run, with `/` between folders.
  package var name: String
  /// What it is, such as `file` or `image`.
  package var kind: String
  /// Where its bytes are.
  package var content: Content

  package enum Content {
    /// In a file.
    case file(String)
    /// In a file elsewhere that a link leads to, which is not followed.
    case link
    /// Here.
    case bytes([UInt8])
  }

  package init(name: String, kind: String, content: Content) {
    self.name = name
    self.kind = kind
    self.content = content
  }
}

/// A place where another tracker keeps runs.
package protocol ForeignSource {
  /// The word for ``ForeignFormat`` and the start of its runs' identities.
  static var format: ForeignFormat { get }

  /// Whether `path` looks like one: a quick look at names and first bytes.
  static func recognizes(_ path: String) -> Bool

  init(path: String, options: ForeignOptions) throws

  /// Hands on each run, one after the other.
  ///
  /// - Throws: ``ForeignError``, or what `body` throws
  func runs(_ omissions: inout Omissions, _ body: (ForeignRun) throws -> Void) throws
}

/// What a reader is told.
package struct ForeignOptions: Sendable {
  /// The column, or the member, that counts the steps; `nil` for the usual names.
  package var stepKey: String?
  /// Whether a program may still write the files.
  package var isGrowing: Bool

  package init(stepKey: String? = nil, isGrowing: Bool = false) {
    self.stepKey = stepKey
    self.isGrowing = isGrowing
  }
}

/// The kinds of files that can be imported, by the word for `--from`.
package enum ForeignFormat: String, CaseIterable, Sendable {
  case mlflow
  case tensorboard
  case wandb
  case trackio
  case sacred
  case dvclive
  case csv
  case json
  case jsonl

  /// Its reader.
  var source: any ForeignSource.Type {
    switch self {
    case .mlflow: MLflowSource.self
    case .tensorboard: TensorBoardSource.self
    case .wandb: WandBSource.self
    case .trackio: TrackioSource.self
    case .sacred: SacredSource.self
    case .dvclive: DVCLiveSource.self
    case .csv: CSVSource.self
    case .json: JSONDocumentSource.self
    case .jsonl: JSONLinesSource.self
    }
  }

  /// Whether the files say that a run has ended.
  var tellsStatus: Bool {
    switch self {
    case .mlflow, .wandb, .sacred: true
    case .tensorboard, .trackio, .dvclive, .csv, .json, .jsonl: false
    }
  }

  /// The first kind that `path` looks like, the particular ones before the general.
  package static func recognized(at path: String) -> ForeignFormat? {
    allCases.first { $0.source.recognizes(path) }
  }
}

/// A foreign file that cannot be read.
package struct ForeignError: ExplainedError, Hashable {
  /// ``ExplainedErrorKind/missing`` where there is no such file or it cannot be opened, and
  /// ``ExplainedErrorKind/data`` where its content is wrong.
  package let kind: ExplainedErrorKind
  /// What was being read, where, and what is wrong.
  package let description: String

  package init(_ kind: ExplainedErrorKind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// What was read is wrong.
  static func malformed(_ description: String) -> ForeignError { ForeignError(.data, description) }

  /// It is not there, or cannot be opened.
  static func missing(_ description: String) -> ForeignError { ForeignError(.missing, description) }

  package var advice: String? { kind == .data ? "Nothing was imported." : nil }
}
