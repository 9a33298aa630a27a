import Foundation
import Testing
import TrackerStore

/// A run that was stopped goes on as if it had not been.
@Suite("Going on, and using what was learnt", .serialized)
struct ResumeTests {
  static let methods = ["lbfgs", "tnc", "bfgs", "cg", "gd", "sgd", "adam"]

  private func options(_ method: String) -> [String] {
    [
      "run", "--optimizer", method, "--hidden", "12", "--epochs", "40", "--tolerance", "0",
      "--checkpoint-every", "7", "--check", "every=10", "--quiet",
    ]
  }

  /// All but the times, to the bit.
  private func record(_ bench: Workbench, run id: Int64) throws -> [String: [UInt64]] {
    let store = try Store(path: bench.store, access: .existing)
    let run = try store.run(id: id)
    var record: [String: [UInt64]] = ["checks": run.gradientChecks.map { UInt64($0.step) }]
    for key in run.metrics.keys where key != "seconds" {
      let points = try store.points(run: id, metric: key)
      record[key] = points.map(\.value.bitPattern)
      record[key + "/steps"] = points.map { UInt64($0.step) }
      let summary = try #require(run.metrics[key])
      record[key + "/summary"] = [
        UInt64(summary.count), summary.last.bitPattern, summary.min.bitPattern,
        summary.max.bitPattern, UInt64(summary.lastStep),
      ]
    }
    record["parameters"] = try store.artifact(run: id, name: "parameters/final").map(UInt64.init)
    return record
  }

  @Test("a run that was killed and resumed ends to the bit as one that was not", arguments: methods)
  func killed(method: String) throws {
    let bench = try Workbench()
    #expect(bench.run(options(method)).status == 0)
    let process = try bench.launch(
      "run", "--optimizer", method, "--hidden", "12", "--epochs", "40", "--tolerance", "0",
      "--checkpoint-every", "7", "--check", "every=10", "--quiet", "--test-fraction", "0.2")
    // Kill it wherever it is once it has recorded a few epochs.
    let deadline = Date().addingTimeInterval(patience)
    while Date() < deadline {
      let count =
        (try? Store(path: bench.store, access: .existing).run(id: 2).metrics["cost"]?.count) ?? 0
      if count > 9 { break }
    }
    kill(process.processIdentifier, SIGKILL)
    process.finish()
    if bench("list", "--format", "json").output.contains("\"crashed\"") {
      let resumed = bench("resume", "2", "--quiet")
      #expect(resumed.status == 0, "\(resumed.diagnostics)")
    }
    let (whole, resumed) = (try record(bench, run: 1), try record(bench, run: 2))
    for key in Set(whole.keys).union(resumed.keys).sorted() {
      #expect(whole[key] == resumed[key], "\(key)")
    }
    #expect(bench("doctor").status == 0)
  }

  @Test("a run that was killed before its first checkpoint starts again")
  func withoutCheckpoint() throws {
    let bench = try Workbench()
    bench.run(["run", "--hidden", "5", "--epochs", "8", "--quiet"])
    let store = try Store(path: bench.store, access: .existing)
    let whole = try store.run(id: 1)
    let dead = try store.startRun(
      RunStart(
        parameters: whole.parameters, dataset: whole.dataset,
        environment: whole.environment))
    try dead.log([("cost", 1), ("other", 2)], step: 0)
    try dead.finish(.interrupted)
    #expect(bench("resume", "2", "--quiet").status == 0)
    #expect(try record(bench, run: 1) == record(bench, run: 2))
  }

  @Test(
    "a run that has finished is not trained on; one of another program is opened for logging again")
  func nothingToResume() throws {
    let bench = try Workbench()
    bench.run(["run", "--epochs", "1", "--check", "never", "--quiet"])
    let finished = bench("resume", "1")
    #expect(finished.status == 64 && finished.diagnostics.contains("run 1 is finished"))
    let store = try Store(path: bench.store, access: .existing)
    try store.startRun(RunStart()).finish(.interrupted)
    let opened = bench("resume", "2")
    #expect(opened.status == 0 && opened.output == "2\n", "\(opened.diagnostics)")
    #expect(try store.run(id: 2).status == .running)
    #expect(bench("log", "2", "cost=1").status == 0)
    #expect(bench("finish", "2").status == 0)
  }

  @Test("a checkpoint that is not what was written is bad data, and no mistake in the program")
  func damagedCheckpoint() throws {
    let bench = try Workbench()
    bench.run(["run", "--epochs", "1", "--check", "never", "--quiet"])
    let store = try Store(path: bench.store, access: .existing)
    let parameters = try store.run(id: 1).parameters
    for bytes in [[], [1, 2, 3], [UInt8](repeating: 255, count: 400)] {
      let dead = try store.startRun(RunStart(parameters: parameters))
      try dead.logArtifact(name: "checkpoint", kind: "state", data: bytes)
      try dead.finish(.interrupted)
      let resumed = bench("resume", "latest")
      #expect(resumed.status == 65, "\(resumed.diagnostics)")
      #expect(resumed.diagnostics.contains("saved state"), "\(resumed.diagnostics)")
      #expect(try store.run(id: dead.id).status == .interrupted)
    }
  }

  @Test("early stopping keeps the best epoch's parameters")
  func earlyStopping() throws {
    let bench = try Workbench()
    let outcome = bench.run([
      "run", "--lambda", "0", "--optimizer", "adam", "--learning-rate", "0.01", "--patience", "5",
      "--epochs", "400", "--check", "never", "--format", "json",
    ])
    #expect(outcome.status == 0, "\(outcome.diagnostics)")
    let run = try Store(path: bench.store, access: .existing).run(id: 1)
    let costs = try Store(path: bench.store, access: .existing).points(run: 1, metric: "testCost")
    let best = try #require(costs.min { $0.value < $1.value })
    #expect(run.outcome?.contains("best at epoch \(best.step)") == true, "\(run.outcome ?? "")")
    #expect(Int64(costs.count - 1) == best.step + 5)
    // The final parameters are the best epoch's: they make its held-out accuracy.
    let accuracy = try Store(path: bench.store, access: .existing).points(
      run: 1, metric: "testAccuracy")[Int(best.step)].value
    let prediction = try #require(
      try bench("predict", "1", "--format", "json").json as? [String: Any])
    let predicted = try #require(prediction["accuracy"] as? Double)
    #expect(abs(predicted - accuracy) < 1e-12)
  }

  @Test("a network predicts what it held out, and the rows of a file")
  func predict() throws {
    let bench = try Workbench()
    bench.run(["run", "--epochs", "100", "--check", "never", "--quiet"])
    let heldOut = try #require(
      try bench("predict", "latest", "--format", "json").json as? [String: Any])
    let run = try Store(path: bench.store, access: .existing).run(id: 1)
    let accuracy = try #require(heldOut["accuracy"] as? Double)
    let recorded = try #require(run.metrics["testAccuracy"]?.last)
    #expect(abs(accuracy - recorded) < 1e-12)
    #expect((heldOut["predictions"] as? [Any])?.count == 359)

    // The first three digits of scikit-learn's set: 0, 1 and 2.
    let rows = [
      "0,0,5,13,9,1,0,0,0,0,13,15,10,15,5,0,0,3,15,2,0,11,8,0,0,4,12,0,0,8,8,0,0,5,8,0,0,9,8,0,0,4,11,0,1,12,7,0,0,2,14,5,10,12,0,0,0,0,6,13,10,0,0,0",
      "0,0,0,12,13,5,0,0,0,0,0,11,16,9,0,0,0,0,3,15,16,6,0,0,0,7,15,16,16,2,0,0,0,0,1,16,16,3,0,0,0,0,1,16,16,6,0,0,0,0,1,16,16,6,0,0,0,0,0,11,16,10,0,0",
    ]
    try rows.joined(separator: "\n").write(
      toFile: bench.path("rows.csv"), atomically: true, encoding: .utf8)
    let plain = bench("predict", "1", "rows.csv", "--format", "csv")
    #expect(plain.status == 0, "\(plain.diagnostics)")
    let lines = plain.output.split(whereSeparator: \.isNewline).map { $0.split(separator: ",") }
    #expect(lines.count == 3 && lines[1][1] == "0" && lines[2][1] == "1")
    try rows.enumerated().map { "\($1),\($0)" }.joined(separator: "\n").write(
      toFile: bench.path("labelled.csv"), atomically: true, encoding: .utf8)
    let labelled = bench("predict", "1", "labelled.csv", "--format", "json")
    #expect((try labelled.json as? [String: Any])?["accuracy"] as? Double == 1)

    #expect(bench("predict", "1", "nowhere.csv").status == 66)
    try "1,2,3".write(toFile: bench.path("narrow.csv"), atomically: true, encoding: .utf8)
    let narrow = bench("predict", "1", "narrow.csv")
    #expect(narrow.status == 65 && narrow.diagnostics.contains("3 columns"))
  }
}
