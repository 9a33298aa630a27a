import TrackerSQLite

/// How a run ended.
struct RunEnd {
  /// What has become of it; not ``RunStatus/running``.
  var status: RunStatus
  /// The error that ended it, for ``RunStatus/failed``.
  var error: String?
  /// Why it ended, in a sentence.
  var outcome: String?
  /// The name of that reason, for programs.
  var stopReason: String?
  var time: Timestamp

  init(status: RunStatus, error: String?, outcome: String?, stopReason: String?, time: Timestamp) {
    precondition(status != .running, "a run ends as something else")
    self.status = status
    self.error = error
    self.outcome = outcome
    self.stopReason = stopReason
    self.time = time
  }

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
        .text(status.rawValue), .text(error), .text(outcome), .text(stopReason),
        .integer(time.milliseconds), .integer(id),
      ])
  }
}
