import TrackerSQLite
import TrackerSystem

/// What giving back space did.
package struct GarbageReport: Hashable, Sendable {
  /// Contents that nothing referred to any more.
  package var droppedContents: Int
  /// The store's size before, its log included, in bytes.
  package var bytesBefore: Int
  /// The store's size after, in bytes.
  package var bytesAfter: Int
}

extension Store {
  /// Gives the space of what was deleted back to the file system: the file is written anew.
  ///
  /// Meanwhile nobody else can write, so it is refused while a run is going on; and the disk needs room
  /// for a second copy.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/running(run:)`` while a run is going on
  package func collectGarbage() throws -> GarbageReport {
    try markCrashedRuns()
    let before = byteCount
    let dropped = try write("giving back the space of") { connection in
      let dropped = try connection.transaction {
        let running = try connection.row("SELECT min(id) FROM run WHERE status = 'running'") {
          $0.optionalInteger(0)
        }
        if let running = running ?? nil {
          throw StoreError(
            .running(run: running),
            "run \(running) is going on, and could not be written meanwhile",
            advice: "Try again when it has ended.")
        }
        try connection.run(
          """
          DELETE FROM experiment WHERE id NOT IN (SELECT experiment_id FROM run)
          AND (created_at IS NULL OR deleted_at IS NOT NULL)
          """)
        try connection.run(
          """
          DELETE FROM dataset WHERE NOT EXISTS (SELECT 1 FROM run WHERE dataset_id = dataset.id)
          """)
        return try BlobRows.dropUnused(on: connection)
          + PieceSet.dropUnfinished(on: connection)
      }
      try connection.execute("VACUUM")
      try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
      return dropped
    }
    return GarbageReport(droppedContents: dropped, bytesBefore: before, bytesAfter: byteCount)
  }

  /// Whether the file at `path` is an SQLite database, or is one that a database keeps beside itself.
  package static func isDatabase(_ path: String) -> Bool {
    FileFacts.isStore(path)
      || ["-wal", "-shm", "-journal", "-life"].contains { suffix in
        path.hasSuffix(suffix) && FileFacts.isStore(String(path.dropLast(suffix.count)))
      }
  }

  /// What the store takes on disk, its log included, in bytes.
  package var byteCount: Int {
    FileFacts.byteCount(path) + FileFacts.byteCount("\(path)-wal")
  }

  /// Copies the store as it is now to `target`, while runs go on being written; what had the name before
  /// is replaced.
  ///
  /// - Parameter progress: sees pages done and pages in all
  /// - Throws: ``StoreError``; then there is no copy, and what had the name before is as it was
  package func backUp(to target: String, progress: (Int, Int) -> Void = { _, _ in }) throws {
    guard !isSameFile(path, target) else {
      throw StoreError(
        .sameStore, "a store cannot be its own backup", advice: "Name another file.")
    }
    do { try StoreCopy(of: path).write(to: target, progress: progress) } catch let error
      as SQLiteError
    {
      throw StoreError(error, while: "copying \(path) to", path: target)
    }
  }
}
