import TrackerStore
import TrackerSystem

/// MLflow's runs: a folder `mlruns`, or the SQLite file of a server or of MLflow 3.
struct MLflowSource: ForeignSource {
  static let format = ForeignFormat.mlflow
  private let path: String

  init(path: String, options: ForeignOptions) { self.path = path }

  static func recognizes(_ path: String) -> Bool {
    isFolder(path)
      ? MLflowFolder.recognizes(path)
      : ForeignDatabase.hasTables(["runs", "metrics", "params", "experiments"], path)
  }

  func runs(_ omissions: inout Omissions, _ body: (ForeignRun) throws -> Void) throws {
    if isFolder(path) {
      try MLflowFolder(path: path).runs(&omissions, body)
    } else {
      try MLflowDatabase(path: path).runs(&omissions, body)
    }
  }
}

/// What MLflow's two kinds of store share.
enum MLflow {
  /// A run's status by MLflow's word.
  static func status(_ word: String) -> RunStatus {
    switch word {
    case "RUNNING", "SCHEDULED": .running
    case "FAILED": .failed
    case "KILLED": .interrupted
    default: .finished
    }
  }

  /// Puts into the run what MLflow keeps in tags of its own, and keeps the others as tags.
  static func take(tags: [String: String], into run: inout ForeignRun) {
    for (key, value) in tags {
      switch key {
      case "mlflow.runName": if run.name == nil { run.name = value }
      case "mlflow.note.content": run.note = value
      case "mlflow.source.git.commit": run.gitCommit = value
      case "mlflow.source.name": run.command = value
      case "mlflow.user": if run.user.isEmpty { run.user = value }
      // Written for MLflow's own page; they are kilobytes a run.
      case "mlflow.log-model.history", "mlflow.loggedArtifacts": break
      // The run above by its UUID in our store, which is its id but for ids that are no UUID.
      case Nesting.tag where !value.isEmpty:
        run.tags[key] = String(ForeignRun.uuid(of: "mlflow:\(value)").filter { $0 != "-" })
      default: run.tags[key] = value
      }
    }
  }

  /// Where the files of a run may be, below the folder of the store that is read.
  ///
  /// What the store says is not trusted, or it could make us keep any file of this machine: only the end of
  /// the address, `EXPERIMENT/RUN/artifacts`, is looked for in the places that MLflow uses.
  static func artifactFolders(_ address: String, below base: String) -> [String] {
    let parts = address.split(separator: "/").suffix(3)
    guard parts.count == 3, !parts.contains("..") else { return [] }
    let end = parts.joined(separator: "/")
    return ["mlruns", "mlartifacts", "."].map { "\(base)/\($0)/\(end)" }
  }
}
