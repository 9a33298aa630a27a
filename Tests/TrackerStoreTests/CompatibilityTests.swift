import Foundation
import TestSupport
import Testing

@testable import TrackerStore

/// Stores of every schema that ever landed, as they were written then.
@Suite("Stores of earlier versions")
struct CompatibilityTests {
  @Test("a landed migration is never edited")
  func migrations() {
    let hashes = Migration.all.map { migration in
      Digest.hexadecimal(Array(migration.sql.utf8).withUnsafeBytes { Digest.sha256($0) })
    }
    #expect(
      hashes == [
        "6a36c6aae3ccc1cc3291cd0dc46b1c8237d5ab869c2e0a9c3fb7f23060857405",
        "0f311d13f6bdeaf2affd0e177bcf5ecb6640f1b18177beabf64885befbf3ee3e",
        "dce50943d4979f447e0a79a3eb27f8b8de75058fd51f53317f471da5918a767c",
        "b00341df84a971282d1ee11b3b59a3026e228661c58eb986687732f48ce8d26a",
        "6a49f03081eed7253ad589884b7bc5e622914718dfbfa78ad2cac2724655bba8",
        "7398600b3d44b142bf7a59e2bcd24c9317c75d35e7dafe0bca0c1cf42d841744",
        "9985cf6715925a3639c8c6b7bde8749703457a2538623d7dcf1c1c9ce809beaa",
        "276bdcd02d5f142a5767952e7d2f20af1ad6720a92c05ed3f77c6fa9db4d7602",
      ])
  }

  @Test("the schema of each version is known by its digest")
  func digests() throws {
    let digests = try (1...Store.newestSchemaVersion).map { try SchemaCheck.digest(ofVersion: $0) }
    #expect(SchemaCheck.digests == digests)
  }

  @Test("open, and hold what was written", arguments: 1..<Store.newestSchemaVersion)
  func stores(schema: Int) throws {
    let folder = try TemporaryFolder()
    let fixture = try #require(
      Bundle.module.url(forResource: "Fixtures/schema-\(schema)", withExtension: "sqlite"))
    let path = folder.file("tracker.sqlite")
    try FileManager.default.copyItem(atPath: fixture.path, toPath: path)
    let store = try Store(path: path, access: .existing)
    #expect(try store.schemaVersion() == Store.newestSchemaVersion)
    #expect(try store.health().isHealthy)
    let run = try store.run(id: store.runID("kept"))
    #expect(run.id == 1 && run.status == .finished && run.note == "a store of schema \(schema)")
    // What was a sentence alone has its name.
    #expect(run.stopReason == "epochLimit")
    #expect(run.tags == ["team": "a"] && run.parameters["hidden"] == "3")
    #expect(run.parameters["lambda"] == .real(0.5) && run.dataset?.rows == 1797)
    #expect(try store.points(run: 1, metric: "cost").count == 6)
    #expect(run.metrics["cost"]?.count == 6)
    #expect(run.gradientChecks.first?.passed == true)
    let second = try store.run(id: 2)
    #expect(second.parameters["preset"] == "saturated-digits")
    let vectors = try #require(try store.vectors(ofCheck: second.gradientChecks[0].id))
    #expect(vectors.analytic.count == 65 * 3 + 4 * 10)
    #expect(try store.artifact(run: 1, name: "parameters/final").count == 8 * (65 * 3 + 4 * 10))
    // And it goes on being written.
    let next = try store.startRun(RunStart())
    try next.log([("cost", 1)], step: 0)
    #expect(next.id == (schema < 3 ? 3 : 5))
  }
}
