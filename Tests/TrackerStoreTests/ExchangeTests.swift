import Foundation
import TestSupport
import Testing
import TrackerSQLite

@testable import TrackerStore

@Suite("Export, import and merge")
struct ExchangeTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// A store with everything in it that is hard to carry.
  private func hardStore(_ name: String = "hard.sqlite") throws -> Store {
    let store = try Store(path: folder.file(name))
    let odd = "a\"b\\c\n\r\t\u{0}é🙂,<script>"
    let run = try store.startRun(
      RunStart(
        experiment: odd, name: odd,
        parameters: [
          "whole": .integer(1), "real": .real(1), "text": "1", "yes": .boolean(true),
          "nan": .real(.nan), "inf": .real(-.infinity), "zero": .real(-0.0), odd: .text(odd),
          "empty": "", "infinity": "Infinity", "big": .integer(.max), "null": "NULL",
        ],
        dataset: DatasetRecord(name: odd, sha256: "00", rows: 1, features: 2, classes: 3),
        tags: ["": "", odd: odd], note: String(repeating: "🙂", count: 5000)))
    for (step, value) in [
      (5, 0.1), (5, -0.0), (3, .infinity), (.max, Double.leastNonzeroMagnitude), (.min, .nan),
      (0, 1e308),
    ] { try run.log([(odd, value), ("cost", 1 / 3.0)], step: Int64(step)) }
    try run.log(
      check: GradientCheckRecord(
        step: 0, moment: "start", epsilon: 1e-4, method: "central", tolerance: 1e-6,
        relativeTolerance: 0, passed: false, seconds: 0.5, cost: 2,
        blocks: [
          GradientCheckRecord.Block(
            name: odd, part: "weights", rows: 1, columns: 2, checkedCount: 2, failedCount: 1,
            maxAbsoluteDifference: .nan, maxRelativeDifference: .infinity, worst: nil)
        ], worst: []),
      vectors: GradientCheckRecord.Vectors(
        analytic: [1, .nan], numerical: [1, -0.0], parameters: nil, secondNumerical: [2, .nan]))
    try run.logArtifact(name: odd, kind: "file", data: (0..<2_000_000).map { UInt8($0 & 255) })
    try run.logArtifact(name: "empty", kind: "file", data: [])
    try run.log(alert: Alert(title: odd, text: odd, level: .error, step: .min))
    try run.log(alert: Alert(title: "", level: .info, step: nil))
    try run.finish(.failed, error: odd)
    try store.startRun(RunStart()).finish()
    return store
  }

  private func lines(_ store: Store, runs: [Int64]? = nil) throws -> [String] {
    var bytes: [UInt8] = []
    _ = try store.exportJSONLines(runs: runs, program: "test") { bytes.append(contentsOf: $0) }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private func write(_ lines: [String], _ name: String = "export.jsonl") throws -> String {
    try (lines.joined(separator: "\n") + "\n").write(
      toFile: folder.file(name), atomically: true, encoding: .utf8)
    return folder.file(name)
  }

  private func reason(_ body: () throws -> Void) -> StoreError.Reason? {
    do { try body() } catch let error as StoreError { return error.reason } catch {
      Issue.record("\(error)")
    }
    return nil
  }

  @Test("JSON lines, CSV and a store's file bring back every bit")
  func roundTrip() throws {
    let store = try hardStore()
    let original = try lines(store)
    _ = try store.exportCSV(program: "test", into: folder.file("csv"))
    let sources = [try write(original), folder.file("csv"), store.path]
    for (number, source) in sources.enumerated() {
      let copy = try Store(path: folder.file("copy\(number).sqlite"))
      let report = try copy.importRuns(from: source)
      #expect(report.imported.map(\.here) == [1, 2] && report.known.isEmpty)
      #expect(try lines(copy) == original)
      #expect(try copy.health().isHealthy)
    }
    // Other readers of JSON lines and CSV understand it too.
    for line in original {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
      #expect(object is [String: Any])
    }
  }

  @Test("merging renumbers runs, shares contents, and passes over what is here already")
  func merge() throws {
    let theirs = try hardStore("theirs.sqlite")
    let ours = try hardStore("ours.sqlite")
    let blobs = try ours.query("SELECT count(*) FROM blob").rows
    #expect(
      try ours.importRuns(from: theirs.path).imported
        == [.init(there: 1, here: 3), .init(there: 2, here: 4)])
    #expect(try ours.query("SELECT count(*) FROM blob").rows == blobs)
    let again = try ours.importRuns(from: theirs.path)
    #expect(again.imported.isEmpty && again.additions.isEmpty && again.known.map(\.here) == [3, 4])
    #expect(try ours.runCount() == 4 && ours.health().isHealthy)
    for id: Int64 in [1, 2] {
      let (original, copy) = (try theirs.run(id: id), try ours.run(id: id + 2))
      #expect(copy.uuid == original.uuid && copy.name == original.name)
      #expect(copy.parameters.count == original.parameters.count && copy.tags == original.tags)
      for key in original.metrics.keys {
        let values = try theirs.points(run: id, metric: key)
        let copied = try ours.points(run: id + 2, metric: key)
        #expect(values.map(\.value.bitPattern) == copied.map(\.value.bitPattern))
        #expect(
          values.map(\.step) == copied.map(\.step) && values.map(\.time) == copied.map(\.time))
      }
    }
    #expect(reason { _ = try ours.importRuns(from: ours.path) } == .sameStore)
  }

  @Test("a run that is here already is given what came since, once, and keeps what is newer here")
  func since() throws {
    let there = try Store(path: folder.file("there.sqlite"))
    let run = try there.startRun(
      RunStart(
        environment: RunEnvironment(
          program: "x", gitCommit: nil, gitDirty: nil, host: "elsewhere", user: "x",
          process: .none, command: "x"), tags: ["old": "1", "gone": "1"]))
    for step in 0..<3 { try run.log([("cost", Double(step)), ("cost", 9)], step: Int64(step)) }
    let here = try Store(path: folder.file("here.sqlite"))
    _ = try here.importRuns(from: there.path)
    // Later, there and here.
    try here.edit(runs: [1], settingTags: ["old": "here"], removingTags: ["gone"])
    try here.setNote("here", run: 1)
    for step in 3..<6 { try run.log([("cost", Double(step)), ("new", 1)], step: Int64(step)) }
    try run.logArtifact(name: "a", kind: "file", data: [1])
    try run.log(alert: Alert(title: "t"))
    try run.log(
      check: GradientCheckRecord(
        step: 3, moment: "step", epsilon: 1, method: "central", tolerance: 1, relativeTolerance: 0,
        passed: true, seconds: 0, cost: nil, blocks: [], worst: []),
      vectors: .init(analytic: [1], numerical: [2], parameters: nil))
    try there.edit(runs: [1], settingTags: ["late": "1"])
    try run.finish(outcome: "done")
    let export = try write(lines(there))
    for source in [there.path, export, there.path] {
      let report = try here.importRuns(from: source)
      #expect(report.imported.isEmpty && report.known.count == 1)
      if source == there.path, try here.run(id: 1).status != .finished { Issue.record("no end") }
    }
    let (copy, original) = (try here.run(id: 1), try there.run(id: 1))
    #expect(copy.status == .finished && copy.outcome == "done" && copy.endedAt == original.endedAt)
    #expect(copy.metrics == original.metrics && copy.alerts.count == 1)
    #expect(copy.tags == ["old": "here", "late": "1"] && copy.note == "here")
    #expect(copy.gradientChecks.count == 1)
    #expect(try here.artifact(run: 1, name: "a") == [1])
    #expect(
      try here.points(run: 1, metric: "cost") == there.points(run: 1, metric: "cost"))
    #expect(try here.importRuns(from: export).additions.isEmpty)
    #expect(try here.health().isHealthy)
    // What is older there brings nothing back.
    try here.delete(runs: [1])
    #expect(try here.importRuns(from: export).imported.count == 1)
  }

  @Test("what an import accepts doctor calls sound: 600 values replaced one at a time")
  func verified() throws {
    let original = try lines(hardStore())
    let here = try Store(path: folder.file("here.sqlite"))
    var (accepted, refused, located) = (0, 0, 0)
    var generator = SeededGenerator(seed: 11)
    let values = [
      "-1", "0", "null", "\"x\"", "9223372036854775807", "-9223372036854775808", "1e308", "true",
    ]
    for _ in 0..<600 {
      var lines = original
      let place = Int.random(in: 1..<lines.count - 1, using: &generator)
      let members = lines[place].matches(of: /":(-?[\d.]+|null)(?=[,}])/)
      guard let member = members.randomElement(using: &generator),
        let value = values.randomElement(using: &generator)
      else { continue }
      lines[place].replaceSubrange(member.range, with: "\":" + value)
      let copy = try Store(path: folder.file("copy.sqlite"))
      do {
        _ = try copy.importRuns(from: write(lines))
        accepted += 1
        #expect(try copy.health().isHealthy, "\(lines[place])")
        _ = try copy.runs()
      } catch let error as StoreError {
        #expect(error.reason == .malformed, "\(error)")
        refused += 1
        if error.message.contains("line ") { located += 1 }
      }
      try copy.delete(runs: copy.runs(RunQuery(includesArchived: true)).map(\.id))
    }
    print(
      "mutated exports: \(accepted) accepted and sound, \(refused) refused, \(located) with their line"
    )
    #expect(refused > 100 && located > 100)
    _ = here
  }

  @Test("chosen runs are exported with what belongs to them and nothing else")
  func chosen() throws {
    let store = try hardStore()
    let second = try lines(store, runs: [2])
    let copy = try Store(path: folder.file("copy.sqlite"))
    #expect(
      try copy.importRuns(from: write(second)).imported == [.init(there: 2, here: 1)])
    #expect(!second.contains { $0.contains("\"table\":\"blob\"") })
    #expect(try copy.health().isHealthy)
  }

  @Test("an export of an older schema is brought up to date")
  func olderSchema() throws {
    let fixture = try #require(
      Bundle.module.url(forResource: "Fixtures/schema-1", withExtension: "sqlite"))
    let store = try Store(path: folder.file("here.sqlite"))
    let old = folder.file("old.sqlite")
    try FileManager.default.copyItem(atPath: fixture.path, toPath: old)
    let before = try Data(contentsOf: URL(fileURLWithPath: old))
    #expect(try store.importRuns(from: old).imported.count == 2)
    #expect(try Data(contentsOf: URL(fileURLWithPath: old)) == before)
    // What version 1 exported has no column that came later.
    let lines = try lines(store).map { line in
      line.replacingOccurrences(of: "\"schema\":\(Store.newestSchemaVersion)", with: "\"schema\":1")
        .replacing(/,"created_at":\d+(?=,"kind_)/, with: "")
        .replacing(/,"created_at":null/, with: "")
        .replacing(/,"stop_reason":(?:null|"\w+")/, with: "")
        .replacing(/,"(sign_of_life|set_at|noted_at|renamed_at)":(null|\d+|"[\d:]+")/, with: "")
        .replacing(/,"(artifact_location|updated_at|deleted_at)":(null|\d+)/, with: "")
        .replacing(/,"(written|heard_at|moved_at|filed_at)":(null|\d+)/, with: "")
        .replacing(/,"(layout|example_count|lambda|activation|cost_form|costs)":null/, with: "")
        .replacing(/,"(analytic|numerical|parameters)_type":null/, with: "")
        .replacing(/,"second_(epsilon|numerical_blob_id)":null/, with: "")
    }
    let copy = try Store(path: folder.file("copy.sqlite"))
    #expect(try copy.importRuns(from: write(lines)).imported.count == 2)
    #expect(try copy.health().isHealthy)
  }

  @Test("a sweep goes along with its runs, and chosen runs keep their places in it")
  func sweeps() throws {
    let store = try Store(path: folder.file("sweeps.sqlite"))
    let sweep = try store.startSweep(
      SweepStart(
        command: "tracker sweep", directory: "/", options: [.init(name: "seed", value: "1,2,3")],
        sampler: "grid", samplerSeed: 0, trialCount: 3, pruner: nil, leastEpochs: 10,
        objective: "cost", direction: .minimize, startedAt: .now()), environment: .current())
    for number in 0..<3 {
      let run = try store.startTrial(
        number, ofSweep: sweep, values: ["seed": "\(number + 1)"], run: RunStart())
      try run.log([("cost", Double(number))], step: 0)
      try run.finish()
    }
    try store.finishSweep(id: sweep, .finished)
    let original = try lines(store)
    let copy = try Store(path: folder.file("copy.sqlite"))
    // First one of its runs, then all: the sweep is known by then.
    _ = try copy.importRuns(from: write(lines(store, runs: [2])))
    #expect(try copy.sweep(id: 1).trials.map(\.number) == [1])
    #expect(try copy.importRuns(from: write(original)).imported.count == 2)
    #expect(try copy.sweep(id: 1).trials.map(\.number) == [0, 1, 2])
    #expect(
      try copy.sweep(id: 1).trials.map { $0.values["seed"] }
        == store.sweep(id: 1).trials.map {
          $0.values["seed"]
        })
    let whole = try Store(path: folder.file("whole.sqlite"))
    _ = try whole.importRuns(from: write(original))
    #expect(try lines(whole) == original && whole.health().isHealthy && copy.health().isHealthy)
  }

  @Test("a file that was cut off anywhere, or changed, imports nothing")
  func damaged() throws {
    let source = try hardStore()
    let original = try lines(source)
    let store = try Store(path: folder.file("here.sqlite"))
    for end in 0..<original.count {
      let path = try write(Array(original[..<end]))
      // Nothing at all is not the beginning of an export.
      let expected: StoreError.Reason = end == 0 ? .notAnExport : .malformed
      #expect(reason { _ = try store.importRuns(from: path) } == expected, "\(end) lines")
    }
    let changes: [(String, String)] = [
      ("\"table\":\"run\"", "\"table\":\"sqlite_schema\""),
      ("\"table\":\"run\"", "\"table\":\"run; DROP TABLE run\""),
      ("\"status\":", "\"status\\\"\":"), ("\"schema\":", "\"schema\":9"),
      ("\"experiment_id\":1", "\"experiment_id\":77"),
      ("\"status\":\"failed\"", "\"status\":\"x\""),
      ("\"content\":\"AAEC", "\"content\":\"AAED"), ("\"bytes\":2000000", "\"bytes\":1999999"),
      ("\"bytes\":2000000", "\"bytes\":9000000000000"), ("{\"end\":", "{\"end\":1"),
    ]
    for (old, new) in changes {
      let place = try #require(original.firstIndex { $0.contains(old) }, "\(old)")
      var lines = original
      lines[place] = lines[place].replacingOccurrences(of: old, with: new)
      let path = try write(lines)
      #expect(reason { _ = try store.importRuns(from: path) } == .malformed, "\(new)")
    }
    #expect(try store.runCount() == 0 && store.health().isHealthy)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy {
        !$0.contains(".import.")
      })
  }

  @Test("400 mutated exports neither crash nor hang nor leave anything")
  func fuzz() throws {
    let small = try Store(path: folder.file("small.sqlite"))
    let run = try small.startRun(RunStart(parameters: ["a": 1], tags: ["b": "c"]))
    try run.log([("m", 1)], step: 0)
    try run.logArtifact(name: "x", kind: "file", data: [1, 2, 3])
    try run.finish()
    let original = Array(try lines(small).joined(separator: "\n").utf8)
    let copy = try Store(path: folder.file("copy.sqlite"))
    var generator = SeededGenerator(seed: 5)
    var accepted = 0
    let count = 400
    for _ in 0..<count {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &generator)], at: place)
        }
      }
      let path = folder.file("mutated")
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do {
        _ = try copy.importRuns(from: path)
        accepted += 1
      } catch is StoreError {}
    }
    #expect(accepted < count)
    #expect(try copy.health().isHealthy)
  }
}

/// SplitMix64: the same numbers from the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
