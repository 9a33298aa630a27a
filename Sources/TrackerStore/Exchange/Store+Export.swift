extension Store {
  /// Writes runs with all that belongs to them as JSON lines, a row at a time: memory does not grow with the
  /// store. ``importRuns(from:program:)`` reads them back bit for bit.
  ///
  /// - Parameters:
  ///   - ids: the runs; `nil`: all, archived ones too
  ///   - write: takes the bytes as they come
  /// - Throws: ``StoreError``, and what `write` throws
  package func exportJSONLines(
    runs ids: [Int64]? = nil, program: String = "TrackerStore",
    to write: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) throws -> ExchangeReport {
    var writer = JSONLinesWriter(write)
    return try dump(runs: ids, program: program) { try writer.take($0) }
  }

  /// Writes runs with all that belongs to them into a new folder: a CSV file a table, and each artifact's
  /// content in a file of its own.
  ///
  /// - Throws: ``StoreError``; also when there is a folder of that name
  package func exportCSV(
    runs ids: [Int64]? = nil, program: String = "TrackerStore", into folder: String
  ) throws -> ExchangeReport {
    var writer = try CSVFolderWriter(folder: folder)
    return try dump(runs: ids, program: program) { try writer.take($0) }
  }
}
