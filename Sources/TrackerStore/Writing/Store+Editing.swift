import TrackerSQLite

extension Store {
  /// Sets and removes tags of runs, in one transaction.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/noSuchRun``; then nothing is changed
  public func edit(
    runs ids: [Int64], settingTags tags: [String: String], removingTags keys: [String] = []
  ) throws {
    let now = Timestamp.now()
    try edit("tagging a run in", ids) { connection, id in
      for (key, value) in tags {
        try TagTable.runs.set(key, to: value, of: id, at: now, on: connection)
      }
      for key in keys {
        _ = try TagTable.runs.remove(key, of: id, at: now, on: connection)
      }
    }
  }

  /// Sets a run's note, or takes it away.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/noSuchRun``
  public func setNote(_ note: String?, run id: Int64) throws {
    try edit("noting in", [id]) { connection, id in
      try connection.run(
        "UPDATE run SET note = ?, noted_at = ? WHERE id = ?",
        [.text(note), .integer(Timestamp.now().milliseconds), .integer(id)])
    }
  }

  /// Gives a run a name, or takes it away.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/noSuchRun``
  public func rename(run id: Int64, to name: String?) throws {
    try edit("renaming a run in", [id]) { connection, id in
      try connection.run(
        "UPDATE run SET name = ?, renamed_at = ? WHERE id = ?",
        [.text(name), .integer(Timestamp.now().milliseconds), .integer(id)])
    }
  }

  /// Puts runs aside: lists leave them out, and nothing of them is lost.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/noSuchRun``; then nothing is changed
  public func archive(runs ids: [Int64], at time: Timestamp = .now()) throws {
    try edit("archiving runs in", ids) { connection, id in
      try connection.run(
        "UPDATE run SET archived_at = ?1, filed_at = ?1 WHERE id = ?2 AND archived_at IS NULL",
        [.integer(time.milliseconds), .integer(id)])
    }
  }

  /// Brings back runs that are archived.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/noSuchRun``; then nothing is changed
  public func restore(runs ids: [Int64], at time: Timestamp = .now()) throws {
    try edit("restoring runs in", ids) { connection, id in
      try connection.run(
        """
        UPDATE run SET archived_at = NULL, filed_at = ?1 WHERE id = ?2 AND archived_at IS NOT NULL
        """, [.integer(time.milliseconds), .integer(id)])
    }
  }

  /// Deletes runs with all that belongs to them. The file keeps its size until ``collectGarbage()``.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/noSuchRun``, or ``StoreError/Reason/running(run:)`` for a
  ///   run that is going on; then nothing is deleted
  public func delete(runs ids: [Int64]) throws {
    try edit("deleting runs in", ids) { connection, id in
      let status = try connection.row("SELECT status FROM run WHERE id = ?", [.integer(id)]) {
        $0.text(0)
      }
      guard status != RunStatus.running.rawValue else {
        throw StoreError(.running(run: id), "run \(id) is going on and cannot be deleted")
      }
      try RemovedRuns.remove(id, on: connection)
    } finally: { connection in
      try BlobRows.dropUnused(on: connection)
    }
  }

  /// Changes runs in one transaction, and finds out first that there are such.
  func edit(
    _ action: String, _ ids: [Int64], _ body: (Connection, Int64) throws -> Void,
    finally: (Connection) throws -> Void = { _ in }
  ) throws {
    try write(action) { connection in
      try connection.transaction {
        for id in ids {
          guard
            try connection.row("SELECT 1 FROM run WHERE id = ?", [.integer(id)], { _ in true })
              == true
          else {
            throw StoreError(.noSuchRun, "no run \(id) in \(path)")
          }
          try body(connection, id)
        }
        try finally(connection)
      }
    }
  }
}

/// Runs that people deleted: a sync does not bring them back.
enum RemovedRuns {
  /// Deletes a run with all that belongs to it, and keeps in mind that it was.
  static func remove(_ id: Int64, on connection: Connection) throws {
    try connection.run(
      """
      INSERT INTO removed_run (uuid, removed_at) SELECT uuid, ? FROM run WHERE id = ?
      ON CONFLICT (uuid) DO UPDATE SET removed_at = excluded.removed_at
      """, [.integer(Timestamp.now().milliseconds), .integer(id)])
    try connection.run("DELETE FROM run WHERE id = ?", [.integer(id)])
  }
}
