/// A column of runs that a condition may name.
struct RunSQLColumn {
  let kind: ResolvedField.Kind
  /// An expression on the rows of `run`, `experiment` and `dataset`.
  let sql: String

  static var names: [String] { Array(all.keys) }

  static func named(_ name: String) -> RunSQLColumn? { all[name] }

  private static let all: [String: RunSQLColumn] = {
    let duration = RunSQLColumn(
      kind: .number, sql: "((run.ended_at - run.started_at) / 1000.0)")
    let started = RunSQLColumn(kind: .time, sql: "run.started_at")
    let ended = RunSQLColumn(kind: .time, sql: "run.ended_at")
    let commit = RunSQLColumn(kind: .text, sql: "run.git_commit")
    var all = [
      "id": RunSQLColumn(kind: .number, sql: "run.id"),
      "status": RunSQLColumn(kind: .status, sql: "run.status"),
      "experiment": RunSQLColumn(kind: .text, sql: "experiment.name"),
      "dataset": RunSQLColumn(kind: .text, sql: "dataset.name"),
      "started": started, "startedAt": started, "ended": ended, "endedAt": ended,
      "duration": duration, "durationSeconds": duration, "commit": commit, "gitCommit": commit,
    ]
    let texts = ["name", "note", "error", "outcome", "host", "user", "command", "program", "uuid"]
    for name in texts { all[name] = RunSQLColumn(kind: .text, sql: "run.\(name)") }
    return all
  }()
}
