import Foundation
import TestSupport
import Testing
import TrackerSQLite

@testable import TrackerStore

@Suite("Opening, selecting, asking and looking after a store")
struct StoreTests {
  let folder: TemporaryFolder
  var path: String { folder.file("tracker.sqlite") }

  init() throws { folder = try TemporaryFolder() }

  private func reason(_ body: () throws -> Void) -> StoreError.Reason? {
    do { try body() } catch let error as StoreError { return error.reason } catch {
      Issue.record("\(error)")
    }
    return nil
  }

  @Test("a closed store is one file")
  func oneFile() throws {
    do {
      let store = try Store(path: path)
      let run = try store.startRun(RunStart())
      try run.log([("m", 1)], step: 1)
      try run.finish()
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["tracker.sqlite"])
  }

  @Test("sixteen that make one store at the same moment all succeed", arguments: 1...5)
  func creators(round: Int) async throws {
    let path = folder.file("round\(round).sqlite")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<16 {
        group.addTask {
          try Store(path: path).startRun(RunStart(name: "creator \(index)")).finish()
        }
      }
      try await group.waitForAll()
    }
    #expect(try Store(path: path).runCount() == 16)
  }

  @Test("there is no store where none was made, and none is made by looking")
  func missing() {
    #expect(reason { _ = try Store(path: path, access: .existing) } == .noStore)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test(
    "a file that is not a database is refused and left as it is",
    arguments: ["text", "", "SQLite format 3"])
  func foreignFile(content: String) throws {
    let content = content.isEmpty ? String(repeating: "\u{1}garbage", count: 1000) : content
    try Data(content.utf8).write(to: URL(fileURLWithPath: path))
    #expect(reason { _ = try Store(path: path) } == .notAStore)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == content)
  }

  @Test("somebody else's database is refused and left as it is")
  func foreignDatabase() throws {
    try execute("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(reason { _ = try Store(path: path) } == .notAStore)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test("a store of a newer program is refused and left as it is")
  func newer() throws {
    do { _ = try Store(path: path) }
    try execute("PRAGMA user_version = 99")
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(
      reason { _ = try Store(path: path) }
        == .newerSchema(found: 99, supported: Store.newestSchemaVersion))
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test("a folder, and a link that leads nowhere, are no stores")
  func noFile() throws {
    #expect(reason { _ = try Store(path: folder.path) } == .notAStore)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: folder.file("elsewhere"))
    #expect(reason { _ = try Store(path: folder.file("link")) } == .cannotOpen)
    #expect(!FileManager.default.fileExists(atPath: folder.file("elsewhere")))
    #expect(reason { _ = try Store(path: folder.file("no/such/folder.sqlite")) } == .cannotOpen)
  }

  @Test("runs are selected by number, place, name and merit")
  func selection() throws {
    let store = try Store(path: path)
    #expect(reason { _ = try store.runID("latest") } == .noSuchRun)
    for (name, accuracy) in [("a", 0.9), ("b", 0.97), ("b", 0.8)] {
      let run = try store.startRun(RunStart(name: name))
      try run.log([("accuracy", accuracy), ("cost", 1 - accuracy), ("odd", .nan)], step: 1)
      try run.log(["zeal": accuracy], step: 1)
      try run.finish()
    }
    #expect(try store.runID("2") == 2)
    #expect(try store.runID("latest") == 3)
    #expect(try store.runID("latest~2") == 1)
    #expect(try store.runID("a") == 1)
    #expect(try store.runID("best:accuracy") == 2)
    #expect(try store.runID("best:cost") == 2)
    for selector in ["9", "latest~3", "c", "best:nothing", "best:odd", "latest~x", ""] {
      #expect(reason { _ = try store.runID(selector) } == .noSuchRun)
    }
    #expect(reason { _ = try store.runID("b") } == .ambiguousRun)
    #expect(reason { _ = try store.runID("best:zeal") } == .statement)
    #expect(try store.runID("best:min(zeal)") == 3 && store.runID("best:max(zeal)") == 2)
  }

  @Test("runs are listed newest first, with what belongs to each and to no other")
  func listing() throws {
    let store = try Store(path: path)
    for index in 1...30 {
      let run = try store.startRun(
        RunStart(
          experiment: index % 3 == 0 ? "third" : "default",
          parameters: ["index": .integer(Int64(index))]))
      try run.log([("m", Double(index))], step: 0)
    }
    let all = try store.runs()
    #expect(all.map(\.id) == Array((1...30).reversed()).map(Int64.init))
    #expect(
      all.allSatisfy {
        $0.parameters["index"] == .integer($0.id) && $0.metrics["m"]?.last == Double($0.id)
      })
    #expect(try store.runs(RunQuery(experiment: "third", limit: 2)).map(\.id) == [30, 27])
    #expect(try store.runs(RunQuery(ids: [1, 29, 77])).map(\.id) == [29, 1])
    #expect(try store.runCount() == 30 && store.runCount(experiment: "third") == 10)
  }

  @Test("a run that has ended takes no more")
  func ended() throws {
    let store = try Store(path: path)
    let run = try store.startRun(RunStart())
    try run.finish(.interrupted, outcome: "enough")
    #expect(reason { try run.log([("m", 1)], step: 1) } == .ended)
    #expect(reason { try run.finish() } == .ended)
    let read = try store.run(id: run.id)
    #expect(read.status == .interrupted && read.outcome == "enough" && read.metrics.isEmpty)
  }

  @Test("writers of one run, in one process or several, see each other's points and its end")
  func sharedRun() throws {
    let first = try Store(path: path)
    let second = try Store(path: path)
    let a = try first.startRun(RunStart())
    let b = try second.runWriter(id: a.id)
    let c = try first.runWriter(id: a.id)
    for round in 0..<20 {
      for writer in [a, b, c] { try writer.log([("m", Double(round))], step: Int64(round)) }
    }
    let points = try first.points(run: a.id, metric: "m")
    #expect(points.map(\.step) == (0..<20).flatMap { [$0, $0, $0] })
    #expect(try first.run(id: a.id).metrics["m"]?.count == 60)
    #expect(try first.health().isHealthy)
    try a.log([("m", 20)], step: 20)
    try c.finish()
    #expect(reason { try a.log([("m", 21)], step: 21) } == .ended)
    #expect(reason { try b.log([("m", 21)], step: 21) } == .ended)
    #expect(try first.run(id: a.id).metrics["m"]?.count == 61)
  }

  @Test(
    "a query that writes, attaches, changes settings or is no query is refused",
    arguments: [
      "DELETE FROM run", "UPDATE run SET name = 'x'", "DROP TABLE run", "ATTACH 'x.sqlite' AS y",
      "PRAGMA user_version = 9", "PRAGMA journal_mode = DELETE", "VACUUM",
      "SELECT 1; DELETE FROM run",
      "BEGIN", "nonsense", "", "SELECT load_extension('x')", "CREATE TEMP TABLE t (a)",
      "WITH x AS (SELECT 1) INSERT INTO experiment SELECT * FROM x", "REINDEX", "ANALYZE",
      "UPDATE sqlite_master SET sql = ''", "CREATE VIRTUAL TABLE x USING fts5(y)",
    ])
  func writingQueries(sql: String) throws {
    let store = try Store(path: path)
    try store.startRun(RunStart(name: "kept")).finish()
    #expect(reason { _ = try store.query(sql) } == .statement)
    #expect(try store.query("SELECT name FROM runs").rows == [[.text("kept")]])
    #expect(try store.schemaVersion() == Store.newestSchemaVersion)
  }

  @Test("a query may have values bound to its names, and take them apart")
  func namedValues() throws {
    let store = try Store(path: path)
    let sql = "SELECT value FROM json_each(:runs) WHERE value > 1 ORDER BY value DESC"
    let result = try store.query(sql, values: [":runs": "[1,3,2]", ":other": "x"])
    #expect(result.rows == [[.integer(3)], [.integer(2)]])
    #expect(try store.query("SELECT :runs AS none").rows == [[.null]])
  }

  @Test("a query that would run for ever is ended, and the store is as usable as before")
  func endlessQuery() throws {
    let store = try Store(path: path)
    let endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    #expect(reason { _ = try store.query(endless, timeout: .milliseconds(50)) } == .timeout)
    #expect(try store.query("SELECT 1 AS one").rows == [[.integer(1)]])
  }

  @Test("every documented view can be asked, and says what was recorded")
  func views() throws {
    let store = try Store(path: path)
    let run = try store.startRun(RunStart(name: "x", parameters: ["lambda": 0.5], tags: ["a": "b"]))
    try run.log(
      [("cost", 2), ("odd", .nan)], step: 3,
      time: Timestamp(milliseconds: run.startedAt.milliseconds + 1500))
    try run.logArtifact(name: "f", kind: "file", data: [1, 2, 3])
    for view in [
      "runs", "parameters", "tags", "metrics", "metric_points", "gradient_checks",
      "gradient_check_blocks", "artifacts",
    ] {
      _ = try store.query("SELECT * FROM \(view)")
    }
    #expect(
      try store.query("SELECT value FROM metric_points WHERE key = 'cost'").rows == [[.real(2)]])
    #expect(try store.query("SELECT value FROM metric_points WHERE key = 'odd'").rows == [[.null]])
    #expect(
      try store.query("SELECT name, byte_count FROM artifacts").rows == [[.text("f"), .integer(3)]])
  }

  @Test("a sound store is called healthy, and a damaged one is not")
  func health() throws {
    do {
      let store = try Store(path: path)
      let run = try store.startRun(RunStart())
      for step in 0..<2000 { try run.log([("m", Double(step))], step: Int64(step)) }
      try run.logArtifact(name: "a", kind: "file", data: Array(repeating: 9, count: 5000))
      try run.finish()
      #expect(try store.health().isHealthy)
    }
    try execute("UPDATE metric_series SET point_count = 7; UPDATE blob SET content = x'00'")
    do {
      let report = try Store(path: path).health()
      #expect(!report.isHealthy)
      #expect(
        report.checks.filter { !$0.problems.isEmpty }.map(\.name) == ["summaries", "contents"])
    }
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for index in stride(from: 4096 * 20, to: bytes.count, by: 97) { bytes[index] ^= 0x5A }
    try bytes.write(to: URL(fileURLWithPath: path))
    let damaged = (try? Store(path: path).health().isHealthy) ?? false
    #expect(!damaged)
  }

  @Test("what was written stays readable where nothing may be written")
  func readOnly() throws {
    // Root may write anywhere: the system itself must refuse, which it does for an immutable file. Where
    // that cannot be set, permissions do for everybody else.
    do {
      let store = try Store(path: path)
      let run = try store.startRun(RunStart(name: "kept"))
      try run.finish()
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    }
    let store = try Store(path: path, access: .existing)
    #expect(try store.runs().map(\.name) == ["kept"])
    if getuid() != 0 {
      #expect(store.isReadOnly)
      #expect(reason { _ = try store.startRun(RunStart()) } == .readOnly)
      #expect(reason { _ = try Store(path: path) } == .readOnly)
    }
  }

  @Test("a store that is looked at reads and writes as any other, and is one file again")
  func looking() throws {
    do { try Store(path: path).startRun(RunStart(name: "first")).finish() }
    do {
      let store = try Store(path: path, access: .looking)
      #expect(!store.isReadOnly)
      #expect(try store.runs().map(\.name) == ["first"])
      #expect(reason { _ = try store.query("DELETE FROM run") } == .statement)
      try store.startRun(RunStart(name: "second")).finish()
      #expect(try store.runs().map(\.name) == ["second", "first"])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["tracker.sqlite"])
    let store = try Store(path: path, access: .looking)
    #expect(try store.runCount() == 2)
    try FileManager.default.moveItem(atPath: path, toPath: folder.file("moved.sqlite"))
    #expect(reason { _ = try store.startRun(RunStart()) } != nil)
    #expect(reason { _ = try Store(path: path, access: .looking) } == .noStore)
  }

  /// Changes the file behind the store's back.
  private func execute(_ sql: String) throws {
    try Connection(path: path, mode: .create).execute(sql)
  }
}
