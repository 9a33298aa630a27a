import TrackerStore

/// Tags of MLflow's own that are columns of our runs: each is kept in one place, and seen in both.
enum ReservedTag {
  static let column: [String: ClientColumn] = [
    "mlflow.runName": .name,
    "mlflow.note.content": .note,
    "mlflow.user": .user,
    "mlflow.source.name": .command,
    "mlflow.source.git.commit": .gitCommit,
  ]

  static let modelHistory = "mlflow.log-model.history"
  static let context = "mlflow.data.context"

  /// Tells those that are columns from the others.
  static func split(_ tags: [KeyedText]) -> (columns: [ClientColumn: String], others: [KeyedText]) {
    var columns: [ClientColumn: String] = [:]
    var others: [KeyedText] = []
    for tag in tags {
      if let column = column[tag.key] { columns[column] = tag.value } else { others.append(tag) }
    }
    return (columns, others)
  }

  /// All tags of a run, by key.
  static func all(of run: ClientRun) -> [KeyedText] {
    var tags = run.tags
    func add(_ key: String, _ value: String?) {
      guard let value, !value.isEmpty, !run.tags.contains(where: { $0.key == key }) else { return }
      tags.append(KeyedText(key: key, value: value))
    }
    add("mlflow.runName", run.name)
    add("mlflow.note.content", run.note)
    // What clients say where they do not know.
    add("mlflow.user", run.user == "unknown" ? nil : run.user)
    add("mlflow.source.name", run.command)
    add("mlflow.source.git.commit", run.gitCommit)
    return tags
  }
}
