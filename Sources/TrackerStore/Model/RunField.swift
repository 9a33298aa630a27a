/// A column of every run: each stands here once, and conditions, orders, lists, completion, JSON and the documentation read it.
///
/// A new column is a row of ``all``.
package struct RunField: Sendable {
  /// What a field's values are.
  package enum Kind: Hashable, Sendable {
    /// A number.
    case number
    /// Any text.
    case text
    /// A moment; a condition takes a date for its whole day.
    case time
    /// A length of time, in seconds.
    case duration
    /// One of a few words.
    case word([String])
  }

  /// Where JSON has it among what a run has.
  package enum Place: Hashable, Sendable {
    /// Before the parameters.
    case head
    /// After the note.
    case tail
    /// In an object of its own kind, such as `environment.host`, or not at all.
    case elsewhere
  }

  /// The name, in lower camel case.
  package let key: String
  /// Shorter names that mean the same.
  package let aliases: [String]
  /// What stands above it in a table for people.
  package let title: String
  /// Which columns a narrow table leaves out first: those of the highest rank.
  package let rank: Int
  package let kind: Kind
  package let place: Place
  /// An expression on the rows of `run`, `experiment` and `dataset`.
  package let sql: String
  /// The value of a run; `nil` where it has none.
  package let value: @Sendable (Run) -> Value?

  /// A value as the kind says.
  package enum Value: Hashable, Sendable {
    case number(Double)
    case integer(Int64)
    case text(String)
    case time(Timestamp)
  }

  private init(
    _ key: String, aliases: [String] = [], title: String? = nil, rank: Int = 5,
    _ kind: Kind = .text, at place: Place = .elsewhere, sql: String,
    _ value: @escaping @Sendable (Run) -> Value?
  ) {
    self.key = key
    self.aliases = aliases
    self.title = title ?? key
    self.rank = rank
    self.kind = kind
    self.place = place
    self.sql = sql
    self.value = value
  }

  /// The field of this name, which may be an alias.
  package static func named(_ name: String) -> RunField? { byName[name] }

  /// The fields' names and aliases, in alphabetical order.
  package static let names = byName.keys.sorted()

  private static let byName = Dictionary(
    uniqueKeysWithValues: all.flatMap { field in ([field.key] + field.aliases).map { ($0, field) } }
  )

  /// Every field, in the order in which lists show them.
  package static let all: [RunField] = [
    RunField("id", rank: 0, .number, at: .head, sql: "run.id") { .integer($0.id) },
    RunField("name", rank: 0, at: .head, sql: "run.name") { $0.name.map(Value.text) },
    RunField("experiment", rank: 7, at: .head, sql: "experiment.name") { .text($0.experiment) },
    RunField(
      "status", rank: 0, .word(RunStatus.allCases.map(\.rawValue)), at: .head, sql: "run.status"
    ) { .text($0.status.rawValue) },
    RunField(
      "startedAt", aliases: ["started"], title: "started", rank: 4, .time, at: .head,
      sql: "run.started_at"
    ) { .time($0.startedAt) },
    RunField(
      "endedAt", aliases: ["ended"], title: "ended", rank: 4, .time, at: .head, sql: "run.ended_at"
    ) { $0.endedAt.map(Value.time) },
    RunField(
      "durationSeconds", aliases: ["duration", "took"], title: "took", rank: 3, .duration,
      at: .head,
      sql: "((run.ended_at - run.started_at) / 1000.0)"
    ) { $0.durationSeconds.map(Value.number) },
    RunField(
      "check", rank: 1, .word(["passed", "failed"]),
      sql: """
        (SELECT CASE min(passed) WHEN 1 THEN 'passed' WHEN 0 THEN 'failed' END
        FROM gradient_check WHERE gradient_check.run_id = run.id)
        """
    ) { run in
      run.gradientChecks.isEmpty
        ? nil : .text(run.gradientChecks.allSatisfy(\.passed) ? "passed" : "failed")
    },
    RunField("note", sql: "run.note") { $0.note.map(Value.text) },
    RunField("error", at: .tail, sql: "run.error") { $0.error.map(Value.text) },
    RunField("outcome", at: .tail, sql: "run.outcome") { $0.outcome.map(Value.text) },
    RunField("stopReason", at: .tail, sql: "run.stop_reason") {
      $0.stopReason.map(Value.text)
    },
    RunField("dataset", sql: "dataset.name") { ($0.dataset?.name).map(Value.text) },
    RunField("gitCommit", aliases: ["commit"], title: "commit", sql: "run.git_commit") {
      $0.environment.gitCommit.map(Value.text)
    },
    RunField("host", sql: "run.host") { .text($0.environment.host) },
    RunField("user", sql: "run.user") { .text($0.environment.user) },
    RunField("program", sql: "run.program") { .text($0.environment.program) },
    RunField("command", sql: "run.command") { .text($0.environment.command) },
    RunField(
      "archivedAt", aliases: ["archived"], title: "archived", .time, at: .tail,
      sql: "run.archived_at"
    ) { $0.archivedAt.map(Value.time) },
    RunField("parent", .number, at: .tail, sql: Nesting.parent) { $0.parent.map(Value.integer) },
    RunField("uuid", at: .tail, sql: "run.uuid") { .text($0.uuid) },
  ]
}
