import TrackerSQLite

/// Something that is recorded of a run while it goes on: all of it in one transaction, or nothing.
package enum RunRecord: Sendable {
  /// Points of metrics.
  case points([(key: String, point: MetricPoint)])
  /// A gradient check with its vectors.
  case check(GradientCheckRecord, vectors: GradientCheckRecord.Vectors?)
  /// Bytes under a name; what had the name before is replaced.
  case artifact(name: String, kind: String, data: [UInt8], at: Timestamp)
  /// What was noticed.
  case alert(Alert)
}

extension RunWriter {
  /// Writes a record.
  ///
  /// - Throws: ``StoreError``; then nothing of it is written
  package func write(_ record: RunRecord) throws {
    if case .points(let points) = record { return try log(points) }
    try write("recording in") { connection in
      try record.insertRows(run: id, on: connection)
    }
  }
}

extension RunRecord {
  /// Makes the rows of anything but points, which want a ``MetricAppender``.
  func insertRows(run id: Int64, on connection: Connection) throws {
    switch self {
    case .points: break
    case .check(let check, let vectors):
      _ = try GradientCheckRows.insert(check, vectors: vectors, runID: id, on: connection)
    case .artifact(let name, let kind, let data, let time):
      try ArtifactRows.insert(
        run: id, name: name, kind: kind, blob: BlobRows.insert(data, on: connection).id, at: time,
        on: connection)
    case .alert(let alert): try AlertRows.insert(alert, run: id, on: connection)
    }
  }

  /// About how many bytes it takes in memory.
  var byteCount: Int {
    switch self {
    case .points(let points): points.reduce(0) { $0 + 64 + $1.key.utf8.count }
    case .check(_, let vectors):
      1000 + 8 * ((vectors?.analytic.count ?? 0) * 2 + (vectors?.parameters?.count ?? 0))
    case .artifact(_, _, let data, _): 100 + data.count
    case .alert(let alert): 200 + alert.title.utf8.count + alert.text.utf8.count
    }
  }
}
