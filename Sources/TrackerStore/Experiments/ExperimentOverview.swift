import TrackerSQLite

/// An experiment with what it holds.
package struct ExperimentOverview: Hashable, Sendable {
  /// What it is called.
  package var name: String
  /// Its runs, archived ones too.
  package var runCount: Int
  /// Those of them that are archived.
  package var archivedCount: Int
  /// Those of them that go on.
  package var runningCount: Int
  /// When the last of them started.
  package var lastStartedAt: Timestamp?
  /// When a client made it; `nil` for one that a run made.
  package var createdAt: Timestamp?
  /// Whether a client deleted it, which kept its runs.
  package var isDeleted: Bool
  /// Free text by key.
  package var tags: [String: String]
}

extension Store {
  /// The experiments with what they hold, the one of the newest run first.
  ///
  /// - Parameter includesDeleted: whether those that clients deleted are among them
  /// - Throws: ``StoreError``
  package func experimentOverviews(includesDeleted: Bool = false) throws -> [ExperimentOverview] {
    try read("reading") { connection in
      let tags = try connection.rows("SELECT experiment_id, key, value FROM experiment_tag") {
        (experiment: $0.integer(0), key: $0.text(1), value: $0.text(2))
      }
      let byExperiment = Dictionary(grouping: tags, by: \.experiment)
      return try connection.rows(
        """
        SELECT experiment.id, experiment.name, count(run.id), count(run.archived_at),
          count(run.id) FILTER (WHERE run.status = 'running'), max(run.started_at),
          experiment.created_at, experiment.deleted_at IS NOT NULL
        FROM experiment LEFT JOIN run ON run.experiment_id = experiment.id
        WHERE ?1 OR experiment.deleted_at IS NULL
        GROUP BY experiment.id ORDER BY max(run.id) DESC NULLS LAST, experiment.name
        """, [.integer(includesDeleted ? 1 : 0)]
      ) { row in
        ExperimentOverview(
          name: row.text(1), runCount: row.count(2), archivedCount: row.count(3),
          runningCount: row.count(4), lastStartedAt: row.optionalMoment(5),
          createdAt: row.optionalMoment(6), isDeleted: row.integer(7) == 1,
          tags: Dictionary(
            (byExperiment[row.integer(0)] ?? []).map { ($0.key, $0.value) },
            uniquingKeysWith: { $1 }))
      }
    }
  }
}
