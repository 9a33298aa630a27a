import TrackerSQLite

/// What an export is made of, in order. A row may refer to those before it.
enum DumpItem {
  /// The first: the schema whose tables follow, and the program that wrote them.
  case header(schema: Int, program: String)
  /// A row of a table as it is stored.
  case row(DumpTable, [(column: String, value: SQLiteValue)])
  /// A row of `blob`: its bytes follow, piece by piece.
  case content(id: Int64, sha256: [UInt8], byteCount: Int)
  /// The next bytes of the last content.
  case piece(UnsafeRawBufferPointer)
  /// The last: how many rows there were, so that a file that was cut off is recognised.
  case end(rowCount: Int)
}

/// A table that is exported.
struct DumpTable: Hashable {
  let name: String
  /// Which of its rows belong to the runs that `R` stands for.
  let condition: String
  /// The order in which they are written.
  let order: String

  /// The condition with a list such as `(1,2)` in the place of `R`.
  func condition(runs: String) -> String {
    condition.split(separator: "IN R", omittingEmptySubsequences: false)
      .joined(separator: "IN \(runs)")
  }

  /// All tables; each comes after those it refers to.
  static let all: [DumpTable] = [
    DumpTable(
      name: "experiment",
      condition: """
        id IN (
          SELECT experiment_id FROM run WHERE id IN R
          UNION SELECT experiment_id FROM input_dataset WHERE \(input)
          UNION SELECT experiment_id FROM logged_model WHERE \(model))
        """, order: "id"),
    DumpTable(
      name: "experiment_tag", condition: ofExperiment, order: "experiment_id, key"),
    DumpTable(
      name: "removed_experiment_tag", condition: ofExperiment, order: "experiment_id, key"),
    DumpTable(
      name: "dataset", condition: "id IN (SELECT dataset_id FROM run WHERE id IN R)", order: "id"),
    DumpTable(name: "run", condition: "id IN R", order: "id"),
    DumpTable(name: "parameter", condition: "run_id IN R", order: "run_id, key"),
    DumpTable(name: "tag", condition: "run_id IN R", order: "run_id, key"),
    DumpTable(name: "removed_tag", condition: "run_id IN R", order: "run_id, key"),
    DumpTable(name: "metric_series", condition: "run_id IN R", order: "id"),
    DumpTable(
      name: "metric_point",
      condition: "series_id IN (SELECT id FROM metric_series WHERE run_id IN R)",
      order: "series_id, step, nth"),
    contents,
    DumpTable(name: "artifact", condition: "run_id IN R", order: "id"),
    DumpTable(name: "gradient_check", condition: "run_id IN R", order: "id"),
    DumpTable(
      name: "gradient_check_block",
      condition: "check_id IN (SELECT id FROM gradient_check WHERE run_id IN R)",
      order: "check_id, position"),
    DumpTable(
      name: "gradient_check_entry",
      condition: "check_id IN (SELECT id FROM gradient_check WHERE run_id IN R)",
      order: "check_id, position"),
    DumpTable(name: "alert", condition: "run_id IN R", order: "id"),
    DumpTable(
      name: "sweep", condition: "id IN (SELECT sweep_id FROM sweep_trial WHERE run_id IN R)",
      order: "id"),
    DumpTable(
      name: "sweep_option",
      condition: "sweep_id IN (SELECT sweep_id FROM sweep_trial WHERE run_id IN R)",
      order: "sweep_id, position"),
    DumpTable(name: "sweep_trial", condition: "run_id IN R", order: "sweep_id, number"),
    DumpTable(
      name: "sweep_trial_value",
      condition: """
        (sweep_id, number) IN (SELECT sweep_id, number FROM sweep_trial WHERE run_id IN R)
        """, order: "sweep_id, number, name"),
    DumpTable(name: "input_dataset", condition: input, order: "id"),
    DumpTable(name: "run_input", condition: "run_id IN R", order: "run_id, dataset_id"),
    DumpTable(name: "run_input_tag", condition: "run_id IN R", order: "run_id, dataset_id, key"),
    DumpTable(name: "logged_model", condition: model, order: "id"),
    DumpTable(
      name: "logged_model_parameter", condition: ofModel, order: "model_id, key"),
    DumpTable(name: "logged_model_tag", condition: ofModel, order: "model_id, key"),
    DumpTable(name: "removed_model_tag", condition: ofModel, order: "model_id, key"),
    DumpTable(name: "logged_model_metric", condition: "run_id IN R", order: "id"),
    DumpTable(name: "logged_model_artifact", condition: ofModel, order: "model_id, name"),
    DumpTable(
      name: "run_model", condition: "run_id IN R", order: "run_id, model_id, role, step"),
    DumpTable(name: "replaced_value", condition: "run_id IN R", order: "id"),
  ]

  /// What belongs to the experiments that runs are in.
  private static let ofExperiment =
    "experiment_id IN (SELECT experiment_id FROM run WHERE id IN R)"
  /// The data sets that runs were given, the models that they made or used, and what belongs to such a model.
  private static let input = "id IN (SELECT dataset_id FROM run_input WHERE run_id IN R)"
  private static let model = """
    id IN (
      SELECT model_id FROM run_model WHERE run_id IN R
      UNION SELECT model_id FROM logged_model_metric WHERE run_id IN R
      UNION SELECT id FROM logged_model WHERE source_run IN (SELECT uuid FROM run WHERE id IN R))
    """
  private static let ofModel = "model_id IN (SELECT id FROM logged_model WHERE \(model))"

  /// The bytes of artifacts and of checks' vectors.
  static let contents = DumpTable(
    name: "blob",
    condition: """
      id IN (
        SELECT blob_id FROM artifact WHERE run_id IN R
        UNION SELECT analytic_blob_id FROM gradient_check WHERE run_id IN R
        UNION SELECT numerical_blob_id FROM gradient_check WHERE run_id IN R
        UNION SELECT parameters_blob_id FROM gradient_check WHERE run_id IN R
        UNION SELECT second_numerical_blob_id FROM gradient_check WHERE run_id IN R
        UNION SELECT blob_id FROM logged_model_artifact WHERE \(ofModel)
        UNION SELECT blob_id FROM replaced_value WHERE run_id IN R)
      """, order: "id")
}

/// How much an export or import moved.
package struct ExchangeReport: Hashable, Sendable {
  /// Runs that were written or taken over.
  package var runCount = 0
  /// Rows of all tables.
  package var rowCount = 0
}

extension Store {
  /// Hands on all that belongs to runs, as it is stored, one row at a time.
  ///
  /// - Parameter ids: the runs; `nil`: all, archived ones too
  func dump(
    runs ids: [Int64]?, program: String, _ handle: (DumpItem) throws -> Void
  ) throws -> ExchangeReport {
    try read("exporting") {
      try Self.dump($0, runs: ids, program: program, handle)
    }
  }

  /// Hands on all that belongs to runs of the store that a connection has open.
  static func dump(
    _ connection: Connection, runs ids: [Int64]?, program: String,
    _ handle: (DumpItem) throws -> Void
  ) throws -> ExchangeReport {
    let runs = ids.map { "(\($0.map { String($0) }.joined(separator: ",")))" }
    var report = ExchangeReport()
    try handle(
      .header(
        schema: Int(try connection.row("PRAGMA user_version") { $0.integer(0) } ?? 0),
        program: program))
    for table in DumpTable.all {
      let condition = runs.map { table.condition(runs: $0) } ?? "1"
      let rows =
        try table == .contents
        ? dumpContents(condition, connection, handle)
        : dump(table, condition, connection, handle)
      report.rowCount += rows
      if table.name == "run" { report.runCount = rows }
    }
    try handle(.end(rowCount: report.rowCount))
    return report
  }

  private static func dump(
    _ table: DumpTable, _ condition: String, _ connection: Connection,
    _ handle: (DumpItem) throws -> Void
  ) throws -> Int {
    let statement = try connection.prepare(
      "SELECT * FROM \(table.name) WHERE \(condition) ORDER BY \(table.order)")
    let columns = (0..<statement.columnCount).map { statement.columnName($0) }
    var count = 0
    while try statement.step() {
      var values: [(column: String, value: SQLiteValue)] = []
      values.reserveCapacity(columns.count)
      for (place, column) in columns.enumerated() {
        values.append((column, statement.value(place)))
      }
      try handle(.row(table, values))
      count += 1
    }
    return count
  }

  private static func dumpContents(
    _ condition: String, _ connection: Connection, _ handle: (DumpItem) throws -> Void
  ) throws -> Int {
    let statement = try connection.prepare(
      "SELECT \(StoredContent.columns) FROM blob WHERE \(condition) ORDER BY id")
    var count = 0
    while try statement.step() {
      let content = StoredContent(statement)
      try handle(
        .content(id: content.id, sha256: content.sha256, byteCount: content.byteCount))
      try content.forEachPiece(on: connection) { try handle(.piece($0)) }
      count += 1
    }
    return count
  }
}

extension Blob {
  /// Lends the whole content in pieces of at most 768 KiB, a multiple of three.
  borrowing func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try withUnsafeTemporaryAllocation(byteCount: 768 << 10, alignment: 16) { buffer in
      var offset = 0
      while offset < count {
        let piece = UnsafeMutableRawBufferPointer(
          rebasing: buffer[..<min(buffer.count, count - offset)])
        try read(into: piece, at: offset)
        try body(UnsafeRawBufferPointer(piece))
        offset += piece.count
      }
    }
  }
}
