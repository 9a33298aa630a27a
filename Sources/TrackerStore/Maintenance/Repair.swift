import TrackerSQLite
import TrackerSystem

extension Store {
  /// Mends what can be mended without guessing: rows whose run or series is gone are dropped, summaries are
  /// made again from their points, contents that nothing refers to are dropped, indexes are rebuilt.
  ///
  /// A copy of a copy of the old store is kept next to it first. What a damaged page held is not brought back.
  ///
  /// - Returns: what was done, a line each, empty if there was nothing to mend; and the file of the copy
  /// - Throws: ``StoreError``; then the store is as it was
  package func repair() throws -> (done: [String], copy: String) {
    let copy = unusedName("\(path).before-repair")
    try backUp(to: copy)
    let done = try write("repairing") { connection in
      // The rows of one table may go before those they refer to.
      try connection.execute("PRAGMA foreign_keys = OFF")
      defer { try? connection.execute("PRAGMA foreign_keys = ON") }
      return try connection.transaction {
        var done: [String] = []
        for mend in Self.mends {
          try connection.run(mend.sql)
          let count = connection.changeCount
          if count > 0 { done.append("\(mend.what): \(count)") }
        }
        let unused =
          try BlobRows.dropUnused(on: connection) + PieceSet.dropUnfinished(on: connection)
        if unused > 0 { done.append("unused contents dropped: \(unused)") }
        try connection.execute("REINDEX")
        return done
      }
    }
    return (done, copy)
  }

  private struct Mend {
    let what: String
    let sql: String
  }

  /// In order: what refers to something comes after it.
  private static let mends: [Mend] = [
    Mend(
      what: "experiments renamed",
      sql: """
        INSERT INTO experiment (id, name)
        SELECT DISTINCT experiment_id, 'recovered-' || experiment_id FROM run
        WHERE experiment_id NOT IN (SELECT id FROM experiment)
        """),
    Mend(
      what: "runs without their data set's description",
      sql: """
        UPDATE run SET dataset_id = NULL
        WHERE dataset_id IS NOT NULL AND dataset_id NOT IN (SELECT id FROM dataset)
        """),
    orphans(of: "parameter", "run_id", in: "run"),
    orphans(of: "tag", "run_id", in: "run"),
    orphans(of: "removed_tag", "run_id", in: "run"),
    orphans(of: "experiment_tag", "experiment_id", in: "experiment"),
    orphans(of: "removed_experiment_tag", "experiment_id", in: "experiment"),
    orphans(of: "logged_model_tag", "model_id", in: "logged_model"),
    orphans(of: "removed_model_tag", "model_id", in: "logged_model"),
    orphans(of: "metric_series", "run_id", in: "run"),
    orphans(of: "metric_point", "series_id", in: "metric_series"),
    orphans(of: "artifact", "run_id", in: "run"),
    orphans(of: "artifact", "blob_id", in: "blob"),
    orphans(of: "gradient_check", "run_id", in: "run"),
    orphans(of: "gradient_check_block", "check_id", in: "gradient_check"),
    orphans(of: "gradient_check_entry", "check_id", in: "gradient_check"),
    orphans(of: "alert", "run_id", in: "run"),
    orphans(of: "replaced_value", "run_id", in: "run"),
    Mend(
      what: "replaced artifacts whose content was lost",
      sql: """
        UPDATE replaced_value SET blob_id = NULL
        WHERE blob_id IS NOT NULL AND blob_id NOT IN (SELECT id FROM blob)
        """),
    orphans(of: "sweep_option", "sweep_id", in: "sweep"),
    orphans(of: "sweep_trial", "sweep_id", in: "sweep"),
    orphans(of: "sweep_trial", "run_id", in: "run"),
    Mend(
      what: "values of trials that are gone dropped",
      sql: """
        DELETE FROM sweep_trial_value
        WHERE (sweep_id, number) NOT IN (SELECT sweep_id, number FROM sweep_trial)
        """),
    lostVector("analytic_blob_id"), lostVector("numerical_blob_id"),
    lostVector("parameters_blob_id"), lostVector("second_numerical_blob_id"),
    Mend(
      what: "series without points dropped",
      sql: """
        DELETE FROM metric_series WHERE NOT EXISTS (
          SELECT 1 FROM metric_point WHERE series_id = metric_series.id)
        """),
    Mend(
      what: "summaries rebuilt",
      sql: """
        \(MetricSeriesRows.summingUp)
        WHERE point_count <> (
          SELECT count(*) FROM metric_point WHERE series_id = metric_series.id)
        """),
  ]

  private static func orphans(of table: String, _ column: String, in parent: String) -> Mend {
    Mend(
      what: "rows of \(table) without their \(parent) dropped",
      sql: "DELETE FROM \(table) WHERE \(column) NOT IN (SELECT id FROM \(parent))")
  }

  private static func lostVector(_ column: String) -> Mend {
    Mend(
      what: "checks without a vector that was lost",
      sql: """
        UPDATE gradient_check SET \(column) = NULL
        WHERE \(column) IS NOT NULL AND \(column) NOT IN (SELECT id FROM blob)
        """)
  }
}
