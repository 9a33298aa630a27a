import Foundation
import TestSupport
import Testing
import TrackerSQLite

@testable import TrackerStore

@Suite("Keeping house")
struct HousekeepingTests {
  let folder: TemporaryFolder
  var path: String { folder.file("tracker.sqlite") }
  init() throws { folder = try TemporaryFolder() }

  private func reason(_ body: () throws -> Void) -> StoreError.Reason? {
    do { try body() } catch let error as StoreError { return error.reason } catch {
      Issue.record("\(error)")
    }
    return nil
  }

  private func store(runs: Int) throws -> Store {
    let store = try Store(path: path)
    for index in 0..<runs {
      let run = try store.startRun(RunStart(name: "run \(index)", tags: ["index": "\(index)"]))
      try run.log((0..<200).map { ("m", MetricPoint(step: $0, value: 1, time: .now())) })
      try run.logArtifact(
        name: "a", kind: "file", data: [UInt8](repeating: UInt8(index), count: 50_000))
      try run.finish()
    }
    return store
  }

  @Test("tags, notes and names change at any time, of all the runs or of none")
  func editing() throws {
    let store = try store(runs: 2)
    try store.edit(
      runs: [1, 2], settingTags: ["index": "x", "new": ""], removingTags: ["no such"])
    #expect(try store.run(id: 2).tags == ["index": "x", "new": ""])
    try store.edit(runs: [1], settingTags: [:], removingTags: ["index"])
    #expect(try store.run(id: 1).tags == ["new": ""])
    #expect(reason { try store.edit(runs: [1, 9], settingTags: ["late": "y"]) } == .noSuchRun)
    #expect(try store.run(id: 1).tags == ["new": ""])
    try store.setNote("🙂", run: 1)
    try store.rename(run: 1, to: "best")
    #expect(try store.run(id: store.runID("best")).note == "🙂")
    try store.rename(run: 1, to: nil)
    #expect(try store.run(id: 1).name == nil)
  }

  @Test("what is put aside is out of sight, and comes back whole")
  func archiving() throws {
    let store = try store(runs: 3)
    try store.archive(runs: [2, 3])
    #expect(try store.runs().map(\.id) == [1] && store.runCount() == 1)
    #expect(try store.runs(RunQuery(includesArchived: true)).count == 3)
    #expect(try store.runID("latest") == 1)
    try store.restore(runs: [3])
    #expect(try store.runs().map(\.id) == [3, 1])
    #expect(try store.points(run: 2, metric: "m").count == 200)
  }

  @Test("what is deleted is gone, its number is not given again, and its space comes back")
  func deleting() throws {
    let store = try store(runs: 4)
    let running = try store.startRun(RunStart())
    #expect(reason { try store.delete(runs: [1, running.id]) } == .running(run: running.id))
    #expect(try store.runCount() == 5)
    try store.delete(runs: [1, 2, 4])
    #expect(try store.query("SELECT count(*) FROM metric_points").rows == [[.integer(200)]])
    #expect(try store.query("SELECT count(*) FROM blob").rows == [[.integer(1)]])
    #expect(try store.artifact(run: 3, name: "a").count == 50_000)
    #expect(reason { _ = try store.collectGarbage() } == .running(run: running.id))
    try running.finish()
    let report = try store.collectGarbage()
    #expect(report.bytesBefore - report.bytesAfter > 100_000, "\(report)")
    #expect(store.byteCount == report.bytesAfter)
    #expect(try store.health().isHealthy && store.startRun(RunStart()).id == 6)
  }

  @Test("a backup is of one moment, while others write, and replaces nothing until it is whole")
  func backup() throws {
    let store = try store(runs: 2)
    let run = try store.startRun(RunStart())
    var steps = 0
    let copy = folder.file("copy.sqlite")
    try store.backUp(to: copy) { _, _ in
      // Written by another connection between two pieces of the copy.
      _ = try? run.log([("live", 1)], step: Int64(steps))
      steps += 1
    }
    #expect(steps > 0)
    let backup = try Store(path: copy, access: .existing)
    #expect(try backup.health().isHealthy && backup.runCount() == 3)
    #expect(try backup.run(id: 3).metrics["live"] == nil)
    #expect(try store.run(id: 3).metrics["live"]?.count == steps)
    #expect(reason { try store.backUp(to: store.path) } == .sameStore)
    #expect(reason { try store.backUp(to: folder.file("no/such/folder")) } == .cannotOpen)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.allSatisfy { !$0.contains(".part") }, "\(names)")
  }

  @Test("before its schema changes an older store is copied, whoever comes first, and once")
  func migrationBackup() async throws {
    let fixture = try #require(
      Bundle.module.url(forResource: "Fixtures/schema-1", withExtension: "sqlite"))
    try FileManager.default.copyItem(atPath: fixture.path, toPath: path)
    let path = path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { try Store(path: path).startRun(RunStart()).finish() }
      }
      try await group.waitForAll()
    }
    #expect(try Store(path: path).runCount() == 10)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["tracker.sqlite", "tracker.sqlite.v1.backup"])
    let copy = path + ".v1.backup"
    #expect(try Store.schemaVersion(ofFileAt: copy) == 1)
    // Restored and migrated again, the first copy is not overwritten.
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(atPath: copy, toPath: path)
    var progress: [MigrationProgress] = []
    _ = try Store(path: path, onMigration: { progress.append($0) })
    #expect(progress.contains(.copied(to: path + ".v1.backup-2")))
    #expect(progress.last == .applying("\(Migration.all.last?.name ?? "")"))
  }

  @Test("what can be mended is mended, and what was there is kept beside it")
  func repair() throws {
    do { _ = try store(runs: 3) }
    let connection = try Connection(path: path, mode: .readWrite)
    try connection.execute(
      """
      PRAGMA foreign_keys = OFF;
      UPDATE metric_series SET point_count = 7, max_value = 9 WHERE run_id = 1;
      DELETE FROM run WHERE id = 2;
      INSERT INTO blob (sha256, content) VALUES (zeroblob(32), x'');
      UPDATE run SET experiment_id = 5;
      """)
    let store = try Store(path: path)
    let found = try store.health().checks.filter { !$0.problems.isEmpty }.map(\.name)
    #expect(found == ["references", "summaries", "orphans", "contents"])
    let (done, copy) = try store.repair()
    #expect(copy == path + ".before-repair")
    #expect(done.count >= 5, "\(done)")
    #expect(try store.health().isHealthy)
    #expect(try store.runs().map(\.id) == [3, 1])
    #expect(try store.run(id: 1).metrics["m"]?.max == 1)
    #expect(try store.run(id: 3).experiment == "recovered-5")
    #expect(try !Store(path: path + ".before-repair").health().isHealthy)
  }

  @Test("an artifact is streamed both ways, and its content is proved")
  func streaming() throws {
    let store = try store(runs: 1)
    let size = 20_000_000
    func source() -> ByteSource {
      var position = 0
      return { buffer in
        let count = min(buffer.count, size - position, 77_777)
        for offset in 0..<count { buffer[offset] = UInt8((position + offset) / 1000 & 255) }
        position += count
        return count
      }
    }
    let digest = try store.putArtifact(run: 1, name: "big", reading: source)
    #expect(try store.putArtifact(run: 1, name: "again", reading: source) == digest)
    #expect(
      try store.query("SELECT count(*) FROM blob").rows == [[.integer(2)]], "kept once")
    var position = 0
    var isRight = true
    try store.readArtifact(run: 1, name: "big") { piece in
      for byte in piece {
        isRight = isRight && byte == UInt8(position / 1000 & 255)
        position += 1
      }
    }
    #expect(isRight && position == size)
    // A file that changes between the two readings is refused whole.
    var readings = 0
    let changing = reason {
      try store.putArtifact(run: 1, name: "changing") {
        readings += 1
        var isDone = false
        let value = UInt8(readings)
        return { buffer in
          defer { isDone = true }
          buffer[0] = value
          return isDone ? 0 : 1
        }
      }
    }
    #expect(changing == .changed)
    #expect(try store.artifacts(run: 1).map(\.name) == ["a", "again", "big"])
    try Connection(path: path, mode: .readWrite).execute(
      "UPDATE blob SET content = x'00' WHERE length(content) = \(size)")
    #expect(reason { try store.readArtifact(run: 1, name: "big") { _ in } } == .corrupt)
  }
}
