import TrackerSQLite

/// How a run ended.
struct RunEnd {
  var ending: RunEnding
  /// The error that ended it, for ``RunEnding/failed``.
  var error: String?
  /// Why it ended, in a sentence.
  var outcome: String?
  /// The name of that reason, for programs.
  var stopReason: String?
  var time: Timestamp

  /// The outcome with a sentence more.
  func outcome(adding sentence: String) -> String {
    outcome.map { "\($0) \(sentence)" } ?? sentence
  }

  func write(run id: Int64, on connection: Connection) throws {
    try connection.run(
      """
      UPDATE run SET status = ?, error = ?, outcome = ?, stop_reason = ?, ended_at = max(?, started_at)
      WHERE id = ?
      """,
      [
        .text(ending.rawValue), .text(error), .text(outcome), .text(stopReason),
        .integer(time.milliseconds), .integer(id),
      ])
  }
}
