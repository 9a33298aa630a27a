import Foundation
import Testing
import TrackerStore

/// Many runs under one record.
@Suite("tracker sweep", .serialized)
struct SweepTests {
  private let small = ["--hidden", "4", "--epochs", "5", "--check", "never"]

  private func json(_ outcome: Outcome) throws -> [String: Any] {
    try #require(try outcome.json as? [String: Any], "\(outcome.diagnostics)")
  }

  @Test("a grid runs every combination once, side by side, and says what mattered")
  func grid() throws {
    let bench = try Workbench()
    let outcome = bench.run(
      ["sweep", "--lambda", "0,1", "--init-range", "0.12,0:3", "--seed", "1...3", "--jobs", "2"]
        + small + ["--quiet", "--format", "json"])
    #expect(outcome.status == 0, "\(outcome.diagnostics)")
    let sweep = try json(outcome)
    #expect(sweep["status"] as? String == "finished" && sweep["trialCount"] as? Int == 12)
    let store = try Store(path: bench.store, access: .existing)
    let runs = try store.runs()
    #expect(runs.count == 12 && runs.allSatisfy { $0.status == .finished })
    #expect(runs.allSatisfy { $0.experiment == "sweep-1" })
    let combinations = runs.map { run in
      ["lambda", "initRange", "seed"].map { "\(run.parameters[$0] ?? "")" }
    }
    #expect(Set(combinations).count == 12)
    let best = try #require(sweep["best"] as? [String: Any])
    let highest = runs.compactMap { $0.metrics["testAccuracy"]?.last }.max()
    // Foundation reads a number to all but its last bit.
    let value = try #require(best["value"] as? Double)
    #expect(abs(value - (highest ?? .nan)) < 1e-12)
    #expect(try store.health().isHealthy)
  }

  @Test("a value has one spelling, however it was typed, in commands, trials and runs")
  func spelling() throws {
    let bench = try Workbench()
    let arguments =
      ["sweep", "--init-range", "0.12,-0.12:0.12,0:3", "--lambda", "0.5,5e-1"] + small
    let commands = bench.run(arguments + ["--print-commands"]).output.split(separator: "\n")
    #expect(commands.count == 2 && commands[0].contains("--init-range=-0.12:0.12"), "\(commands)")
    let outcome = bench.run(arguments + ["--quiet", "--format", "json"])
    let trials = try #require(try json(outcome)["trials"] as? [[String: Any]])
    let values = trials.compactMap { ($0["parameters"] as? [String: Any])?["initRange"] as? String }
    #expect(values == ["-0.12:0.12", "0:3"], "\(outcome.output) \(outcome.diagnostics)")
    let store = try Store(path: bench.store, access: .existing)
    #expect(try store.sweep(id: 1).trials.map { $0.values["init-range"] } == values)
  }

  @Test("a trial is the run that its command makes, to the bit")
  func sameRun() throws {
    let bench = try Workbench()
    let arguments = ["--lambda", "0,0.5", "--seed", "7"] + small
    #expect(bench.run(["sweep"] + arguments + ["--quiet"]).status == 0)
    let printed = bench.run(["sweep"] + arguments + ["--print-commands"]).output
      .split(separator: "\n")
    #expect(printed.count == 2)
    let words = try #require(printed.last).split(separator: " ").map(String.init)
    let start = try #require(words.firstIndex(of: "run"))
    #expect(bench.run(Array(words[start...]) + ["--quiet"]).status == 0)
    let store = try Store(path: bench.store, access: .existing)
    #expect(try store.runs().count == 3)
    #expect(
      try store.artifact(run: 2, name: "parameters/final")
        == store.artifact(run: 3, name: "parameters/final"))
  }

  @Test("killed at random moments and resumed, a sweep runs nothing twice and misses nothing")
  func killed() throws {
    let bench = try Workbench()
    let process = try bench.launch(
      "sweep", "--lambda", "0,0.1,0.5,1", "--seed", "1...6", "--hidden", "10", "--epochs", "30",
      "--check", "never", "--jobs", "2", "--quiet")
    var generator = SystemRandomNumberGenerator()
    func wait(forRuns count: Int) {
      let deadline = Date().addingTimeInterval(patience)
      while Date() < deadline {
        let found = try? Store(path: bench.store, access: .existing).runCount()
        if (found ?? 0) >= count { return }
        usleep(2_000)
      }
    }
    wait(forRuns: 4)
    kill(process.processIdentifier, SIGKILL)
    process.finish()
    var kills = 1
    for count in [8, 14, 20] {
      let resumed = try bench.launch("sweep", "--resume", "1", "--jobs", "2", "--quiet")
      wait(forRuns: count)
      usleep(UInt32.random(in: 0...20_000, using: &generator))
      kill(resumed.processIdentifier, SIGKILL)
      resumed.finish()
      kills += 1
    }
    let last = bench("sweep", "--resume", "1", "--quiet", "--format", "json")
    #expect(last.status == 0, "\(last.diagnostics)")
    let store = try Store(path: bench.store, access: .existing)
    let runs = try store.runs()
    #expect(runs.count == 24 && runs.allSatisfy { $0.status == .finished })
    let combinations = runs.map {
      "\($0.parameters["lambda"] ?? "") \($0.parameters["seed"] ?? "")"
    }
    #expect(Set(combinations).count == 24)
    #expect(runs.allSatisfy { $0.metrics["cost"]?.count == 31 })
    #expect(try store.health().isHealthy)
    // What was cut off and resumed is what it would have been.
    let whole = try Workbench()
    #expect(
      whole.run(
        [
          "sweep", "--lambda", "0,0.1,0.5,1", "--seed", "1...6", "--hidden", "10", "--epochs", "30",
          "--check", "never", "--quiet",
        ]).status == 0)
    let reference = try Store(path: whole.store, access: .existing).runs()
    for run in runs {
      let same = try #require(
        reference.first {
          $0.parameters["lambda"] == run.parameters["lambda"]
            && $0.parameters["seed"] == run.parameters["seed"]
        })
      #expect(run.metrics["cost"]?.last.bitPattern == same.metrics["cost"]?.last.bitPattern)
    }
    print("a sweep killed \(kills) times: 24 trials, each once")
    // There is nothing left to do, and to say so is not an error.
    #expect(bench("sweep", "--resume", "1", "--quiet").status == 0)
    #expect(try store.runCount() == 24)
  }

  @Test("Ctrl-C ends a sweep as interrupted, and it goes on where it was")
  func interrupted() throws {
    let bench = try Workbench()
    let process = try bench.launch(
      "sweep", "--seed", "1...6", "--optimizer", "gd", "--learning-rate", "0.01", "--epochs", "600",
      "--check", "never", "--quiet")
    let deadline = Date().addingTimeInterval(patience)
    while Date() < deadline {
      let run = try? Store(path: bench.store, access: .existing).run(id: 2)
      if run?.metrics["cost"] != nil { break }
      usleep(5_000)
    }
    kill(process.processIdentifier, SIGINT)
    process.finish()
    #expect(process.terminationStatus == 130)
    #expect(bench("sweep", "--resume", "1", "--quiet").status == 0)
    let runs = try Store(path: bench.store, access: .existing).runs()
    #expect(runs.count == 6 && runs.allSatisfy { $0.status == .finished })
    #expect(runs.allSatisfy { $0.metrics["cost"]?.count == 601 })
  }

  @Test("a search finds good values, and hopeless trials end early")
  func search() throws {
    let bench = try Workbench()
    let found = try json(
      bench.run(
        ["sweep", "--lambda", "log:1e-3...100", "--sampler", "tpe", "--trials", "14"] + small
          + ["--quiet", "--format", "json"]))
    #expect(found["sampler"] as? String == "tpe")
    let pruned = try json(
      bench.run(
        [
          "sweep", "--learning-rate", "1e-7,0.5,1e-6,0.4,1e-8,0.3,1e-9,0.2", "--optimizer", "sgd",
          "--hidden", "4", "--epochs", "30", "--check", "never", "--pruner", "median",
          "--least-epochs", "5", "--quiet", "--format", "json",
        ]))
    let trials = try #require(pruned["trials"] as? [[String: Any]])
    #expect(trials.contains { $0["status"] as? String == "pruned" })
    #expect(trials.contains { $0["status"] as? String == "finished" })
  }

  @Test(
    "a sweep that cannot be is refused before anything is recorded",
    arguments: [
      ["--lambda", "log:1...10"], ["--lambda", "0,x"], ["--lambda", "0,1", "--lambda", "2,3"],
      ["--sampler", "tpe", "--lambda", "log:1...10"], ["--nonsense", "1,2"], ["word"],
      ["--lambda", "0,1", "--objective", "mine"], ["--seed", "1...2000000"],
      ["--lambda", "uniform:3...1", "--sampler", "random", "--trials", "3"],
    ])
  func refused(arguments: [String]) throws {
    let bench = try Workbench()
    let outcome = bench.run(["sweep"] + arguments)
    #expect(outcome.status == 64, "\(outcome.diagnostics)")
    #expect(!FileManager.default.fileExists(atPath: bench.store))
  }
}
