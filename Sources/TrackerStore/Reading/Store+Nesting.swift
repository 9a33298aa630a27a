import TrackerSQLite

/// Runs that are nested in others. MLflow's clients say so with a tag that holds the UUID of the run above, without its
/// dashes; it means the same in every store, so import, sync, export and push carry it as the tag that it is.
package enum Nesting {
  /// The tag's key.
  package static let tag = "mlflow.parentRunId"

  /// The number of the run above a row of `run`; NULL where there is none, or where it is not in this store.
  static let parent = """
    (SELECT above.id FROM tag JOIN run AS above ON above.uuid IN (tag.value, \(uuid(of: "tag.value")))
    WHERE tag.run_id = run.id AND tag.key = '\(tag)' AND above.id != run.id)
    """

  /// An expression for a UUID of a text without its dashes.
  private static func uuid(of text: String) -> String {
    [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)]
      .map { "substr(\(text), \($0.0), \($0.1))" }.joined(separator: " || '-' || ")
  }
}

extension RunStart {
  /// Nests the run in another.
  ///
  /// - Parameter uuid: of the run above
  package mutating func nest(in uuid: String) {
    let digits = uuid.filter { $0 != "-" }
    // What is no UUID is a name that a program gave, and stays as it is.
    let isUUID = uuid.count == 36 && digits.count == 32 && digits.allSatisfy(\.isHexDigit)
    tags[Nesting.tag] = isUUID ? digits : uuid
  }
}

extension Store {
  /// The runs that are nested in a run, archived or not, in order.
  ///
  /// - Throws: ``StoreError``
  package func children(of run: Run) throws -> [Int64] {
    try read("reading") { connection in
      try connection.rows(
        """
        SELECT run_id FROM tag
        WHERE key = ?1 AND value IN (?2, replace(?2, '-', '')) AND run_id != ?3 ORDER BY run_id
        """, [.text(Nesting.tag), .text(run.uuid), .integer(run.id)]
      ) { $0.integer(0) }
    }
  }
}
