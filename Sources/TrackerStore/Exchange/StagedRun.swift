import TrackerSQLite

/// A run that another program's files tell, on its way into the staging store of an import.
package struct StagedRun {
  /// Names the run across stores, so that the same run imported again is known.
  package var uuid: String
  /// What is known of its start.
  package var start: RunStart
  /// What has become of it.
  package var status: RunStatus
  /// The error that ended it.
  package var error: String?
  /// When it ended; `nil` while it runs.
  package var endedAt: Timestamp?
  /// When it was archived.
  package var archivedAt: Timestamp?

  /// A run.
  package init(
    uuid: String, start: RunStart, status: RunStatus, error: String? = nil,
    endedAt: Timestamp? = nil, archivedAt: Timestamp? = nil
  ) {
    self.uuid = uuid
    self.start = start
    self.status = status
    self.error = error
    self.endedAt = endedAt
    self.archivedAt = archivedAt
  }

  /// A UUID made of a name: of the same name, the same (RFC 9562, section 5.8, version 8, of a SHA-256).
  package static func uuid(of name: String) -> String {
    var bytes = Array(Array(name.utf8).withUnsafeBytes { Digest.sha256($0) }.prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    return uuidText(bytes)
  }
}

/// The staging store of an import, which a reader of another program's files fills.
package struct StagingStore {
  let connection: Connection

  /// Adds a run with its points.
  ///
  /// - Parameter metrics: the points of each metric, in the order in which they were logged
  /// - Returns: the run's number in the staging store
  package func add(_ run: StagedRun, metrics: [String: [MetricPoint]]) throws -> Int64 {
    let id = try Store.insert(run.start, uuid: run.uuid, signOfLife: .null, on: connection)
    try connection.run(
      """
      UPDATE run SET status = ?, error = ?, ended_at = max(?, started_at), archived_at = ?
      WHERE id = ?
      """,
      [
        .text(run.status.rawValue), .text(run.error),
        .integer(run.endedAt?.milliseconds), .integer(run.archivedAt?.milliseconds), .integer(id),
      ])
    var appender = MetricAppender(runID: id, startedAt: run.start.startedAt)
    for (key, points) in metrics.sorted(by: { $0.key < $1.key }) where !points.isEmpty {
      try appender.append(points.map { (key, $0) }, on: connection)
    }
    return id
  }

  /// Notes what data a run was given.
  package func addInput(_ input: ClientInput, run id: Int64) throws {
    try InputRows.add(input, to: id, on: connection)
  }

  /// Keeps a file of a run; content that is there already is kept once.
  package func addArtifact(
    run id: Int64, name: String, kind: String, bytes: [UInt8], at time: Timestamp
  ) throws {
    try ArtifactRows.insert(
      run: id, name: name, kind: kind, blob: BlobRows.insert(bytes, on: connection).id, at: time,
      on: connection)
  }
}
