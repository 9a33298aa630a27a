import Foundation
import TestSupport
import TrackerSQLite
import TrackerStore
import Testing

/// The real program, killed, crowded and out of room. Each test says how often.
@Suite("Nothing is lost", .serialized)
struct NothingLostTests {
  /// Lines as a training prints them, each with its number.
  private func lines(_ count: Int, to path: String) throws {
    let text = (0..<count).map { "{\"step\": \($0), \"cost\": \(Double($0) / 7), \"n\": \($0)}\n" }
    try text.joined().write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// Starts `tracker record` on a file of lines.
  private func record(_ bench: Workbench, lines: String, output: String) throws -> Process {
    let process = Process()
    process.executableURL = Workbench.program
    process.arguments = ["record", "--db", bench.store, "--name", output]
    process.currentDirectoryURL = bench.folder
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": bench.folder.path]
    process.standardInput = FileHandle(forReadingAtPath: lines)
    try Data().write(to: URL(fileURLWithPath: bench.path(output)))
    process.standardOutput = FileHandle(forWritingAtPath: bench.path(output))
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func isSound(_ path: String) throws -> Bool {
    let connection = try Connection(path: path, mode: .readOnly)
    return try connection.rows("PRAGMA integrity_check") { $0.text(0) } == ["ok"]
  }

  @Test("kill -9 at 200 random moments: every line that was passed on is in the store")
  func killed() throws {
    let bench = try Workbench()
    let input = bench.path("lines")
    try lines(200_000, to: input)
    var generator = SystemRandomNumberGenerator()
    var (kills, acknowledged, midway) = (0, 0, 0)
    while kills < 200 {
      let crowd = kills % 10 == 9 ? 4 : 1
      let outputs = (0..<crowd).map { "out-\(kills + $0)" }
      let processes = try outputs.map { try record(bench, lines: input, output: $0) }
      // Every other time when recording has begun, however slow the machine is; else whenever.
      if kills % 2 == 0 {
        let deadline = Date().addingTimeInterval(patience)
        let output = bench.path(outputs[0])
        while (try? FileManager.default.attributesOfItem(atPath: output)[.size] as? Int) == 0,
          Date() < deadline
        {
          usleep(200)
        }
        usleep(UInt32.random(in: 0...8_000, using: &generator))
      } else {
        usleep(UInt32.random(in: 1_000...40_000, using: &generator))
      }
      for process in processes { kill(process.processIdentifier, SIGKILL) }
      for process in processes { process.finish() }
      kills += crowd
      guard let store = try? Store(path: bench.store, access: .existing) else { continue }
      try store.markCrashedRuns()
      for output in outputs {
        let passedOn = try String(contentsOfFile: bench.path(output), encoding: .utf8)
          .count { $0 == "\n" }
        acknowledged += passedOn
        guard let id = try? store.runID(output) else {
          #expect(passedOn == 0)
          continue
        }
        let run = try store.run(id: id)
        #expect(run.status == .crashed || run.status == .finished)
        let points = try store.points(run: id, metric: "n")
        #expect(points.count >= passedOn, "\(output)")
        #expect(points.enumerated().allSatisfy { $1.value == Double($0) && $1.step == Int64($0) })
        #expect(run.metrics["cost"]?.count ?? 0 == points.count)
        if run.status == .crashed, !points.isEmpty { midway += 1 }
      }
    }
    #expect(try isSound(bench.store))
    #expect(bench("doctor").status == 0)
    print(
      "kill -9: \(kills) times, \(midway) amid recording, \(acknowledged) acknowledged lines, none lost"
    )
    #expect(midway > 20 && acknowledged > 10_000)
  }

  @Test("kill -9 during a migration leaves the older store or the newer one, whole")
  func killedMigration() throws {
    let bench = try Workbench()
    let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../TrackerStoreTests/Fixtures/schema-1.sqlite").path
    let old = bench.path("old.sqlite")
    try FileManager.default.copyItem(atPath: fixture, toPath: old)
    do {
      // Large enough that the copy takes its time.
      let connection = try Connection(path: old, mode: .readWrite)
      try connection.execute(
        """
        WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)
        INSERT INTO metric_point SELECT 1, i, 0, i * 0.5, i FROM n;
        UPDATE metric_series SET point_count = (
          SELECT count(*) FROM metric_point WHERE series_id = 1) WHERE id = 1
        """)
    }
    let before = try #require(
      try Connection(path: old, mode: .readOnly).row("SELECT count(*) FROM metric_point") {
        $0.integer(0)
      })
    var versions: [Int: Int] = [:]
    for round in 0..<40 {
      let path = bench.path("store-\(round).sqlite")
      try FileManager.default.copyItem(atPath: old, toPath: path)
      let process = try bench.launch("migrate", "--db", path)
      usleep(UInt32(round * 2_000))
      kill(process.processIdentifier, SIGKILL)
      process.finish()
      versions[try Store.schemaVersion(ofFileAt: path), default: 0] += 1
      let store = try Store(path: path)
      #expect(try store.schemaVersion() == Store.newestSchemaVersion)
      #expect(
        try store.query("SELECT count(*) FROM metric_points").rows == [[.integer(before)]])
      #expect(try Store.schemaVersion(ofFileAt: path + ".v1.backup") == 1)
      #expect(try isSound(path + ".v1.backup"))
      let left = try FileManager.default.contentsOfDirectory(atPath: bench.folder.path)
      #expect(!left.contains { $0.hasSuffix(".part") }, "\(left)")
      for suffix in ["", ".v1.backup", ".v1.backup-2"] {
        try? FileManager.default.removeItem(atPath: path + suffix)
      }
    }
    print("kill -9 of a migration: 40 times; versions found then: \(versions)")
    #expect(versions[1] ?? 0 > 0)
  }

  @Test("8 processes record 10,000 lines each into one store, and all is there")
  func crowd() throws {
    let bench = try Workbench()
    let input = bench.path("lines")
    try lines(10_000, to: input)
    let processes = try (0..<8).map { try record(bench, lines: input, output: "writer-\($0)") }
    for process in processes {
      process.finish()
      #expect(process.terminationStatus == 0)
    }
    let store = try Store(path: bench.store, access: .existing)
    #expect(try store.runs().count == 8)
    for run in try store.runs() {
      #expect(run.status == .finished && run.metrics["n"]?.count == 10_000)
      let points = try store.points(run: run.id, metric: "n")
      #expect(points.enumerated().allSatisfy { $1.value == Double($0) })
    }
    #expect(try isSound(bench.store))
    print("8 processes × 10,000 lines: 160,000 points, none lost")
  }

  @Test("16 processes make one store at the same moment, ten times over")
  func creators() throws {
    for round in 0..<10 {
      let bench = try Workbench()
      let processes = try (0..<16).map { index in
        let process = Process()
        process.executableURL = Workbench.program
        process.arguments = ["start", "--name", "creator \(index)", "--db", bench.store]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.standardError
        try process.run()
        return process
      }
      for process in processes {
        process.finish()
        #expect(process.terminationStatus == 0, "round \(round)")
      }
      #expect(try Store(path: bench.store, access: .existing).runCount() == 16)
    }
    print("16 processes making one store: 10 rounds, no error")
  }

  @Test("a file that may not grow ends recording, not the training, and says what is missing")
  func fileSizeLimit() throws {
    let bench = try Workbench()
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/bash")
    // In KiB: enough for the start of a run, not for its 300 epochs.
    shell.arguments = [
      "-c",
      "ulimit -f 700; exec '\(Workbench.program.path)' run --epochs 300 --tolerance 0 --check never "
        + "--hidden 20 --checkpoint-every 3 --quiet",
    ]
    shell.currentDirectoryURL = bench.folder
    shell.environment = ["PATH": "/usr/bin:/bin", "HOME": bench.folder.path]
    try Data().write(to: URL(fileURLWithPath: bench.path("messages")))
    shell.standardOutput = FileHandle.nullDevice
    shell.standardError = FileHandle(forWritingAtPath: bench.path("messages"))
    try shell.run()
    shell.finish()
    let messages = try String(contentsOfFile: bench.path("messages"), encoding: .utf8)
    #expect(shell.terminationStatus == 74, "\(messages)")
    #expect(messages.contains("is tried again"), "\(messages)")
    // As many files as it takes: none may grow beyond the limit either.
    let rescues = messages.matches(of: /tracker import ([^;\s]+)/).map { String($0.1) }
    #expect(!rescues.isEmpty, "\(messages)")
    defer {
      for file in rescues {
        try? FileManager.default.removeItem(at: bench.folder.appending(path: file))
      }
    }
    // What was recorded and what was rescued make the whole.
    let store = try Store(path: bench.store, access: .existing)
    try store.markCrashedRuns()
    let run = try store.run(id: 1)
    #expect(run.status != .running)
    let recorded = try store.points(run: 1, metric: "cost").count
    let other = bench.path("other.sqlite")
    for file in rescues {
      let imported = bench("import", file, "--db", other)
      #expect(imported.status == 0, "\(imported.diagnostics)")
    }
    let rescued = try Store(path: other, access: .existing)
    #expect(try rescued.run(id: 1).status == .finished)
    let points = try rescued.points(run: 1, metric: "cost").count
    #expect(recorded > 0 && recorded + points == 301, "\(recorded) + \(points)")
    #expect(
      try rescued.artifact(run: 1, name: "parameters/final").count == 8 * (65 * 20 + 21 * 10))
    #expect(bench("doctor").status == 0)
  }

  @Test(
    "a store that was cut off or whose bits were flipped is refused or reported, and not made worse"
  )
  func damaged() throws {
    let bench = try Workbench()
    try SampleStore.make(at: bench.store)
    let sound = try Data(contentsOf: URL(fileURLWithPath: bench.store))
    var generator = SystemRandomNumberGenerator()
    var answers: [Int32: Int] = [:]
    for round in 0..<120 {
      let path = bench.path("damaged.sqlite")
      for suffix in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: path + suffix)
      }
      var bytes = sound
      if round % 2 == 0 {
        bytes = bytes.prefix(Int.random(in: 1..<bytes.count, using: &generator))
      } else {
        for _ in 0..<20 {
          let place = Int.random(in: 0..<bytes.count, using: &generator)
          bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
      }
      try bytes.write(to: URL(fileURLWithPath: path))
      for command in [["doctor"], ["list"], ["query", "SELECT count(*) FROM metric_points"]] {
        let outcome = bench.run(command + ["--db", path])
        // To a query a damaged schema is one without the table that it asks for: 64.
        #expect(
          ([0, 1, 65, 74] + (command[0] == "query" ? [64] : [])).contains(outcome.status),
          "\(command): \(outcome.diagnostics)")
        if command == ["doctor"] { answers[outcome.status, default: 0] += 1 }
      }
    }
    print("damaged stores: 120, doctor's answers by exit status: \(answers)")
    #expect(answers[0] ?? 0 < 60)
  }
}
