import Foundation
import TestSupport
import Testing
import TrackerSQLite
import TrackerStore

@testable import TrackerExchange

/// The data sets that MLflow's runs were given.
@Suite("Inputs of MLflow's runs")
struct InputTests {
  private static let run = "0123456789abcdef0123456789abcdef"
  private let folder: TemporaryFolder
  private let store: Store

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(path: folder.file("t.sqlite"))
  }

  /// What is known of inputs after an import, and after a second one.
  private func imported(_ name: String) throws -> (rows: [[String]], report: ForeignImport.Report) {
    func importing() throws -> ForeignImport.Report {
      try ForeignImport(
        path: folder.file(name), format: .mlflow, options: ForeignOptions(), keepsArtifacts: true,
        program: "test"
      ).run(into: store) { _ in }
    }
    let report = try importing()
    #expect(try importing().runs.additions.isEmpty)
    let result = try store.query(
      "SELECT name, digest, source_type, source, context FROM run_inputs ORDER BY name")
    return (result.rows.map { $0.map { "\($0)" } }, report)
  }

  private func write(_ text: String, _ path: String) throws {
    let place = folder.file("mlruns/\(path)/meta.yaml")
    try FileManager.default.createDirectory(
      atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: place, atomically: true, encoding: .utf8)
  }

  @Test("the folder's come along, and one that cannot be read is counted")
  func folders() throws {
    try write("experiment_id: '1'\nname: e\n", "1")
    try write("run_id: \(Self.run)\nstatus: 3\nstart_time: 1700000000000\n", "1/\(Self.run)")
    try write(
      """
      digest: d0ca
      name: frame
      profile: '{"num_rows": 1}'
      source: '{"tags": {"mlflow.user": "a", "mlflow.source.type":
        "LOCAL"}}'
      source_type: code
      """, "1/datasets/d1")
    let link = "source_type: DATASET\ntags:\n  mlflow.data.context: training\nsource_id: "
    try write(link + "d1\n", "1/\(Self.run)/inputs/i1")
    try write(link + "../../1/\(Self.run)\n", "1/\(Self.run)/inputs/i2")
    let (rows, report) = try imported("mlruns")
    #expect(rows.count == 1 && rows.first?[0].contains("frame") == true, "\(rows)")
    #expect(rows.first?[3].contains("LOCAL") == true && rows.first?[4].contains("training") == true)
    #expect(
      report.omissions.counts.contains {
        $0.count == 1 && $0.reason.hasPrefix("a record of a data set that cannot be read")
      })
  }

  @Test("the database's come along, and inputs of another kind are none")
  func database() throws {
    let database = try Connection(path: folder.file("mlflow.db"), mode: .create)
    try database.execute(
      """
      CREATE TABLE experiments (experiment_id INTEGER, name TEXT, lifecycle_stage TEXT);
      CREATE TABLE runs (run_uuid TEXT, experiment_id INTEGER, status TEXT, start_time INTEGER);
      CREATE TABLE metrics (key TEXT, value REAL, timestamp INTEGER, run_uuid TEXT, step INTEGER);
      CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
      CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT);
      CREATE TABLE datasets (
        dataset_uuid TEXT, experiment_id INTEGER, name TEXT, digest TEXT, dataset_source_type TEXT,
        dataset_source TEXT, dataset_schema TEXT, dataset_profile TEXT);
      CREATE TABLE inputs (
        input_uuid TEXT, source_type TEXT, source_id TEXT, destination_type TEXT,
        destination_id TEXT);
      CREATE TABLE input_tags (input_uuid TEXT, name TEXT, value TEXT);
      INSERT INTO experiments VALUES (1, 'e', 'active');
      INSERT INTO runs VALUES ('\(Self.run)', 1, 'FINISHED', 1700000000000);
      INSERT INTO datasets VALUES ('d1', 1, 'frame', 'd0ca', 'code', '{}', NULL, NULL);
      INSERT INTO inputs VALUES
        ('i1', 'DATASET', 'd1', 'RUN', '\(Self.run)'), ('i2', 'RUN', '\(Self.run)', 'MODEL', 'm');
      INSERT INTO input_tags VALUES ('i1', 'mlflow.data.context', 'eval');
      """)
    let (rows, report) = try imported("mlflow.db")
    #expect(rows.count == 1 && rows.first?[1].contains("d0ca") == true, "\(rows)")
    #expect(rows.first?[4].contains("eval") == true && report.omissions.counts.isEmpty)
  }
}
