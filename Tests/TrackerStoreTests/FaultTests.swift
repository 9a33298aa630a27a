import CTrackerFaults
import Foundation
import TestSupport
import Testing

@testable import TrackerStore

/// A disk that fails at each of its operations in turn.
@Suite("A failing disk", .serialized)
struct FaultTests {
  let folder: TemporaryFolder
  init() throws {
    folder = try TemporaryFolder()
    #expect(tracker_faults_install() == 0)
  }

  /// What a run of these tests recorded and had acknowledged.
  private struct Acknowledged {
    var points = 0
    var checks = 0
    var artifacts: [String: [UInt8]] = [:]
    var hasFinished = false
  }

  /// Does all that a training does, notes what was acknowledged, and goes on after each error.
  private func record(in path: String) -> (Acknowledged, [StoreError]) {
    var done = Acknowledged()
    var errors: [StoreError] = []
    func attempt(_ body: () throws -> Void) {
      do { try body() } catch let error as StoreError { errors.append(error) } catch {
        Issue.record("\(error)")
      }
    }
    attempt {
      let store = try Store(path: path)
      let run = try store.startRun(RunStart(name: "faulty"))
      for step in 0..<6 {
        attempt {
          try run.log([("cost", Double(step)), ("accuracy", 1)], step: Int64(step))
          done.points += 1
        }
        if step % 4 == 1 {
          attempt {
            let data = (0..<9000).map { UInt8(($0 + step) & 255) }
            try run.logArtifact(name: "a\(step)", kind: "file", data: data)
            done.artifacts["a\(step)"] = data
          }
        }
        if step == 3 {
          attempt {
            try run.log(
              check: GradientCheckRecord(
                step: 3, moment: "start", epsilon: 1e-4, method: "central", tolerance: 1e-6,
                relativeTolerance: 0, passed: true, seconds: 0, cost: 1, blocks: [], worst: []),
              vectors: .init(analytic: [1, 2], numerical: [1, 2], parameters: nil))
            done.checks += 1
          }
        }
      }
      attempt {
        try run.finish()
        done.hasFinished = true
      }
    }
    return (done, errors)
  }

  @Test(
    "at any one operation, once or from then on, is told, harms nothing and loses nothing acknowledged",
    arguments: [TRACKER_FAULT_IO, TRACKER_FAULT_FULL], [false, true])
  func everyOperation(kind: TrackerFaultKind, persists: Bool) throws {
    var number = 1
    var failures = 0
    while true {
      let path = folder.file("faulty-\(kind.rawValue)-\(persists)-\(number).sqlite")
      // Something to lose.
      do {
        let store = try Store(path: path)
        let run = try store.startRun(RunStart(name: "before"))
        try run.log([("cost", 1)], step: 0)
        try run.finish()
      }
      tracker_faults_arm(number, persists ? 1 : 0, kind)
      let (done, errors) = record(in: path)
      let hits = tracker_faults_failed()
      tracker_faults_disarm()
      if hits == 0 { break }
      failures += hits
      for error in errors {
        #expect(
          [.inputOutput, .full, .cannotOpen, .readOnly].contains(error.reason), "\(error)")
      }
      let store = try Store(path: path, access: .existing)
      let report = try store.health()
      #expect(report.isHealthy, "operation \(number): \(report)")
      #expect(try store.run(id: store.runID("before")).metrics["cost"]?.count == 1)
      if done.points > 0 {
        let run = try store.run(id: 2)
        #expect((run.metrics["cost"]?.count ?? 0) >= done.points, "operation \(number)")
        #expect(run.gradientChecks.count >= done.checks)
        if done.hasFinished { #expect(run.status == .finished) }
        for (name, data) in done.artifacts {
          #expect(try store.artifact(run: 2, name: name) == data)
        }
      }
      number += 1
    }
    print("a failing disk: \(number - 1) operations failed in turn, \(failures) failures in all")
    #expect(number > 20)
  }

  @Test(
    "at any one operation is overcome by a writer that keeps and tries again: nothing is lost",
    arguments: [TRACKER_FAULT_IO, TRACKER_FAULT_FULL])
  func onceIsOvercome(kind: TrackerFaultKind) throws {
    var (number, told) = (1, 0)
    while true {
      let path = folder.file("faulty-once-\(kind.rawValue)-\(number).sqlite")
      let store = try Store(path: path)
      let run = try store.startRun(RunStart())
      tracker_faults_arm(number, 0, kind)
      let writer = ResilientWriter(run) { if case .interrupted = $0 { told += 1 } }
      for step in 0..<20 {
        try writer.write(
          .points([("cost", MetricPoint(step: Int64(step), value: 1, time: .now()))]))
        if step == 10 {
          let data = [UInt8](repeating: 7, count: 50_000)
          try writer.write(.artifact(name: "a", kind: "file", data: data, at: .now()))
        }
      }
      try writer.finish()
      let hits = tracker_faults_failed()
      tracker_faults_disarm()
      #expect(try store.points(run: 1, metric: "cost").map(\.step) == (0..<20).map { $0 })
      #expect(try store.run(id: 1).status == .finished && store.artifacts(run: 1).count == 1)
      if hits == 0 { break }
      number += 1
    }
    print("a failing disk: \(number - 1) operations overcome, \(told) of them told at once")
    #expect(number > 20 && told > 10)
  }

  @Test(
    "from any operation on is told, and what the store never takes is in a file that brings it in later",
    arguments: [TRACKER_FAULT_IO, TRACKER_FAULT_FULL])
  func persisting(kind: TrackerFaultKind) throws {
    var (number, rescued) = (1, 0)
    while true {
      let path = folder.file("faulty-on-\(kind.rawValue)-\(number).sqlite")
      let store = try Store(path: path)
      let run = try store.startRun(RunStart(name: "rescued"))
      tracker_faults_arm(number, 1, kind)
      let writer = ResilientWriter(run)
      for step in 0..<20 {
        try writer.write(
          .points([("cost", MetricPoint(step: Int64(step), value: 1, time: .now()))]))
      }
      var error: UnrecordedError?
      do { try writer.finish(outcome: "done") } catch let unrecorded as UnrecordedError {
        error = unrecorded
      }
      let hits = tracker_faults_failed()
      tracker_faults_disarm()
      if hits == 0 { break }
      number += 1
      let recorded = try store.points(run: 1, metric: "cost").count
      guard let error else {
        // What failed was no record.
        #expect(recorded == 20)
        continue
      }
      let file = try #require(error.files.first, "\(error)")
      defer { unlink(file) }
      #expect(
        !file.hasPrefix(folder.path)
          || RescueFolders(storePath: path, because: error.cause).all[0] == folder.path)
      let other = try Store(path: folder.file("other-\(kind.rawValue)-\(number).sqlite"))
      _ = try other.importRuns(from: file)
      let run2 = try other.run(id: 1)
      #expect(run2.name == "rescued" && run2.status == .finished)
      #expect(recorded + (run2.metrics["cost"]?.count ?? 0) == 20)
      rescued += 20 - recorded
    }
    print("a failing disk: \(number - 1) operations failed for good, \(rescued) points rescued")
    #expect(number > 10 && rescued > 50)
  }

  /// Lets each operation of `act` fail in turn, and sees what that leaves.
  private func eachOperation(
    _ persists: Bool, of name: String, _ act: (String) throws -> Void,
    _ look: (String, _ failed: Bool) throws -> Void
  ) throws {
    var (number, refused) = (1, 0)
    while true {
      let path = folder.file("faulty-\(name)-\(persists)-\(number).sqlite")
      do {
        let store = try Store(path: path)
        let run = try store.startRun(RunStart(name: "before"))
        try run.log([("cost", 1)], step: 0)
        try run.finish()
      }
      tracker_faults_arm(number, persists ? 1 : 0, TRACKER_FAULT_FULL)
      var error: (any Error)?
      do { try act(path) } catch let thrown { error = thrown }
      let hits = tracker_faults_failed()
      tracker_faults_disarm()
      if let error {
        #expect(error is StoreError, "\(error)")
        refused += 1
      }
      try look(path, error != nil)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(!files.contains { $0.hasSuffix(".part") }, "operation \(number)")
      if hits == 0 { break }
      number += 1
    }
    print("a failing disk: \(number - 1) operations of \(name) failed in turn, \(refused) refused")
    #expect(number > 10 && refused > 5)
  }

  @Test(
    "during an import takes over all or nothing, and a second import brings it",
    arguments: [false, true])
  func importing(persists: Bool) throws {
    let source = folder.file("source.sqlite")
    let other = try Store(path: source)
    for name in ["one", "two"] {
      let run = try other.startRun(RunStart(name: name, tags: ["from": "elsewhere"]))
      for step in 0..<50 { try run.log([("cost", 1)], step: Int64(step)) }
      try run.logArtifact(name: "a", kind: "file", data: [UInt8](repeating: 3, count: 9000))
      try run.finish()
    }
    try eachOperation(persists, of: "import") { path in
      _ = try Store(path: path).importRuns(from: source)
    } _: { path, failed in
      let store = try Store(path: path, access: .existing)
      let count = try store.runs().count
      #expect(failed ? count == 1 || count == 3 : count == 3)
      _ = try store.importRuns(from: source)
      #expect(try store.runs().count == 3 && store.health().isHealthy)
      #expect(try store.artifact(run: store.runID("two"), name: "a").count == 9000)
      #expect(try store.run(id: store.runID("before")).metrics["cost"]?.count == 1)
    }
  }

  @Test(
    "during a backup leaves no half of a copy, and the store as it was", arguments: [false, true])
  func backingUp(persists: Bool) throws {
    try eachOperation(persists, of: "backup") { path in
      try Store(path: path).backUp(to: path + ".copy")
    } _: { path, failed in
      if FileManager.default.fileExists(atPath: path + ".copy") {
        let copy = try Store(path: path + ".copy", access: .existing)
        #expect(try copy.runs().count == 1 && copy.health().isHealthy)
      } else {
        #expect(failed)
      }
      let store = try Store(path: path, access: .existing)
      #expect(try store.runs().count == 1 && store.health().isHealthy)
    }
  }

  @Test("during a migration leaves the older store as it was, or the newer one whole")
  func migration() throws {
    let fixture = try #require(
      Bundle.module.url(forResource: "Fixtures/schema-1", withExtension: "sqlite"))
    var number = 1
    while true {
      let path = folder.file("faulty-migration-\(number).sqlite")
      try FileManager.default.copyItem(atPath: fixture.path, toPath: path)
      tracker_faults_arm(number, 1, TRACKER_FAULT_IO)
      _ = try? Store(path: path, access: .existing)
      let hits = tracker_faults_failed()
      tracker_faults_disarm()
      if hits == 0 { break }
      let version = try Store.schemaVersion(ofFileAt: path)
      #expect(1...Store.newestSchemaVersion ~= version)
      let store = try Store(path: path, access: .existing)
      #expect(try store.health().isHealthy && store.run(id: 1).metrics["cost"]?.count == 6)
      number += 1
    }
    print("a failing disk: \(number - 1) operations of a migration failed in turn")
    #expect(number > 10)
  }
}
