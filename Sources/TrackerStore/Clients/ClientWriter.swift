import Synchronization
import TrackerSQLite

/// What a client sends of a run at once: it is written in one transaction.
package struct ClientBatch: Sendable {
  package var metrics: [ClientMetric]
  package var parameters: [KeyedText]
  package var tags: [KeyedText]
  package var columns: [ClientColumn: String]

  package init(
    metrics: [ClientMetric] = [], parameters: [KeyedText] = [], tags: [KeyedText] = [],
    columns: [ClientColumn: String] = [:]
  ) {
    self.metrics = metrics
    self.parameters = parameters
    self.tags = tags
    self.columns = columns
  }
}

/// A column of a run that clients set as they set a tag.
package enum ClientColumn: String, Sendable, CaseIterable {
  case name, note, user, command
  case gitCommit = "git_commit"
}

/// Writes what clients send, of any number of runs at once, whether they go on or have ended.
///
/// What it knows of a run, above all the summaries of its metrics, is kept from call to call as long as nobody else
/// writes: then a point costs no look into the store.
package final class ClientWriter: Sendable {
  private let store: Store
  private let kept = Mutex(Kept())

  /// What was known after the last call, and the state of the database that it left.
  private struct Kept {
    var version: UInt32?
    var runs: [String: KnownRun] = [:]
  }

  private struct KnownRun {
    var id: Int64
    var experiment: Int64
    var appender: MetricAppender
    /// When it was last written that the client was heard of.
    var heardAt: Int64
  }

  /// So many runs are known at once.
  private static let knownLimit = 256
  /// That a client was heard of is written no more often, in milliseconds.
  private static let heardInterval: Int64 = 5000

  package init(store: Store) { self.store = store }

  /// Writes a batch.
  ///
  /// Of points that are equal in metric, step, time and value one is kept: clients send again what was not answered.
  ///
  /// - Parameter uuid: the run
  /// - Throws: ``ClientRefusal``; ``StoreError``. Then nothing of the batch is written.
  package func write(
    _ batch: ClientBatch, toRun uuid: String, at now: Timestamp = .now()
  ) throws {
    try store.write("logging to") { connection in
      var known = kept.withLock { kept in
        defer { kept = Kept() }
        return kept
      }
      try connection.transaction {
        if known.version != connection.dataVersion || known.runs.count > Self.knownLimit {
          known.runs.removeAll()
        }
        // Taken out, so that it is changed in place.
        var run = try known.runs.removeValue(forKey: uuid) ?? find(uuid, connection)
        try write(batch, to: &run, uuid, at: now, connection)
        known.runs[uuid] = run
      }
      known.version = connection.dataVersion
      kept.withLock { $0 = known }
    }
  }

  private func find(_ uuid: String, _ connection: Connection) throws -> KnownRun {
    let found = try connection.row(
      """
      SELECT id, experiment_id, started_at, heard_at, archived_at IS NOT NULL FROM run WHERE uuid = ?
      """, [.text(uuid)]
    ) { row in
      (
        run: KnownRun(
          id: row.integer(0), experiment: row.integer(1),
          appender: MetricAppender(
            runID: row.integer(0), startedAt: Timestamp(milliseconds: row.integer(2)),
            order: .byStep), heardAt: row.integer(3)), isArchived: row.integer(4) == 1
      )
    }
    guard let found else { throw ClientRefusal.noRun(uuid) }
    if found.isArchived { throw ClientRefusal.runDeleted(uuid) }
    return found.run
  }

  private func write(
    _ batch: ClientBatch, to run: inout KnownRun, _ uuid: String, at now: Timestamp,
    _ connection: Connection
  ) throws {
    if now.milliseconds - run.heardAt >= Self.heardInterval {
      // One that was taken for lost goes on.
      try connection.run(
        """
        UPDATE run SET heard_at = ?1,
          ended_at = CASE WHEN status = 'crashed' AND heard_at IS NOT NULL THEN NULL ELSE ended_at END,
          status = CASE WHEN status = 'crashed' AND heard_at IS NOT NULL THEN 'running' ELSE status END
        WHERE id = ?2
        """, [.integer(now.milliseconds), .integer(run.id)])
      run.heardAt = now.milliseconds
    }
    try ClientRunRows.add(batch.parameters, to: run.id, uuid, on: connection)
    if !batch.metrics.isEmpty {
      try run.appender.append(batch.metrics.map { ($0.key, $0.point) }, on: connection)
      for metric in batch.metrics where metric.model != nil {
        try ModelRows.add(metric, run: run.id, on: connection)
      }
    }
    for tag in batch.tags { try ClientRunRows.set(tag, of: run.id, at: now, on: connection) }
    for (column, text) in batch.columns {
      try ClientRunRows.set(column, to: text, of: run.id, at: now, on: connection)
    }
  }
}
