import Foundation
import Testing
import TrackerStore

/// The main job: a training that is recorded, from the command line.
@Suite("tracker run")
struct RunTests {
  @Test("trains the digits, checks every derivative and records it all")
  func mainJob() throws {
    let bench = try Workbench()
    let outcome = bench(
      "run", "--lambda", "0.5", "--format", "json", "--tag", "team=a", "--note", "n")
    #expect(outcome.status == 0, "\(outcome.diagnostics)")
    let run = try #require(try outcome.json as? [String: Any])
    #expect(run["id"] as? Int == 1 && run["status"] as? String == "finished")
    let metrics = try #require(run["metrics"] as? [String: [String: Any]])
    let keys = [
      "cost", "dataCost", "penalty", "trainAccuracy", "testAccuracy", "testCost", "gradientNorm",
      "stepLength", "evaluations", "seconds", "saturated.1", "saturated.2",
      "outputDeviation", "updateRatio.1", "updateRatio.2",
    ]
    #expect(Set(metrics.keys) == Set(keys))
    let accuracy = try #require(metrics["testAccuracy"]?["last"] as? Double)
    #expect(accuracy >= 0.95)
    let epochs = try #require(metrics["cost"]?["count"] as? Int)
    // Before the first epoch there is no update.
    for (key, metric) in metrics {
      let isOfUpdates = key.hasPrefix("updateRatio")
      #expect(metric["count"] as? Int == (isOfUpdates ? epochs - 1 : epochs), "\(key)")
    }

    let parameters = try #require(run["parameters"] as? [String: Any])
    #expect(
      parameters["lambda"] as? Double == 0.5 && parameters["initRange"] as? String == "glorot")
    #expect(parameters["epochs"] as? Int == 200 && parameters["hidden"] as? String == "100")
    let dataset = try #require(run["dataset"] as? [String: Any])
    #expect(
      dataset["sha256"] as? String
        == "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8")
    #expect(run["tags"] as? [String: String] == ["team": "a"] && run["note"] as? String == "n")

    let check = try #require((run["gradientChecks"] as? [[String: Any]])?.first)
    #expect(check["passed"] as? Bool == true && check["checkedCount"] as? Int == 7510)
    #expect((check["blocks"] as? [Any])?.count == 4)
    let store = try Store(path: bench.store, access: .existing)
    let id = try #require(check["id"] as? Int)
    let vectors = try #require(try store.vectors(ofCheck: Int64(id)))
    #expect(vectors.analytic.count == 7510 && vectors.numerical.count == 7510)
    #expect(vectors.parameters?.count == 7510)
    let artifacts = try store.artifacts(run: 1)
    #expect(artifacts.map(\.name).contains("parameters/start"))
    #expect(artifacts.first { $0.name == "parameters/final" }?.byteCount == 7510 * 8)
  }

  @Test("does the same to the bit with the same seed, and something else with another")
  func repeatability() throws {
    let bench = try Workbench()
    for seed in ["7", "7", "8"] {
      bench("run", "--seed", seed, "--epochs", "15", "--check", "never", "--quiet")
    }
    let store = try Store(path: bench.store, access: .existing)
    let finals = try (1...3).map { try store.artifact(run: $0, name: "parameters/final") }
    #expect(finals[0] == finals[1])
    #expect(finals[0] != finals[2])
    for key in ["cost", "testCost", "gradientNorm", "stepLength", "trainAccuracy"] {
      let curves = try (1...2).map {
        try store.points(run: $0, metric: key).map(\.value.bitPattern)
      }
      #expect(curves[0] == curves[1] && curves[0].count == 16)
    }
  }

  @Test("the question's case: theta1 agrees, all of theta2 is off by 0.90, and the run goes on")
  func saturatedDigits() throws {
    let bench = try Workbench()
    let outcome = bench("run", "--preset", "saturated-digits", "--epochs", "1", "--format", "json")
    #expect(outcome.status == 0, "\(outcome.diagnostics)")
    #expect(outcome.diagnostics.contains("1010 of 7510 derivatives differ"))
    let run = try #require(try outcome.json as? [String: Any])
    let check = try #require((run["gradientChecks"] as? [[String: Any]])?.first)
    #expect(check["passed"] as? Bool == false)
    let blocks = try #require(check["blocks"] as? [[String: Any]])
    for block in blocks {
      let difference = try #require(block["maxAbsoluteDifference"] as? Double)
      if block["name"] as? String == "theta1" {
        #expect(difference < 1e-6 && block["failedCount"] as? Int == 0)
      } else {
        #expect(difference > 0.898 && difference < 0.9035)
        #expect(block["failedCount"] as? Int == block["checkedCount"] as? Int)
      }
    }
    #expect((run["metrics"] as? [String: Any])?["clampHits"] != nil)
    let strict = bench("run", "--preset", "saturated-digits", "--epochs", "1", "--require-check")
    #expect(strict.status == 1)
  }

  @Test(
    "the question's two cures pass the check",
    arguments: [["--init-range", "0.12"], ["--cost", "stable"]])
  func cures(options: [String]) throws {
    let bench = try Workbench()
    let outcome = bench.run(
      ["run", "--preset", "saturated-digits", "--epochs", "1", "--require-check"] + options)
    #expect(outcome.status == 0, "\(outcome.diagnostics)")
  }

  @Test("a check of a recorded run is recorded with it")
  func recheck() throws {
    let bench = try Workbench()
    bench("run", "--epochs", "3", "--check", "never", "--quiet")
    let end = bench("check", "latest", "--format", "json")
    #expect(end.status == 0, "\(end.diagnostics)")
    #expect((try end.json as? [String: Any])?["at"] as? String == "end")
    #expect(bench("check", "1", "--at", "start", "--epsilon", "1e-5").status == 0)
    #expect(bench("check", "1", "--check-tolerance", "1e-30").status == 1)
    let run = try Store(path: bench.store, access: .existing).run(id: 1)
    #expect(run.gradientChecks.map(\.moment) == ["end", "start", "end"])
    #expect(run.gradientChecks.map(\.step) == [3, 0, 3])
  }

  @Test("checks are made when they were asked for")
  func schedules() throws {
    let bench = try Workbench()
    for (schedule, steps) in [
      ("start", [0]), ("end", [4]), ("both", [0, 4]), ("every=2", [0, 2, 4]), ("never", []),
    ] as [(String, [Int64])] {
      bench("run", "--epochs", "4", "--check", schedule, "--quiet", "--hidden", "5")
      let store = try Store(path: bench.store, access: .existing)
      #expect(try store.runs()[0].gradientChecks.map(\.step) == steps, "\(schedule)")
    }
  }

  @Test(
    "every optimiser trains, and says why it stopped",
    arguments: ["lbfgs", "tnc", "bfgs", "cg", "gd", "sgd", "adam"])
  func optimizers(method: String) throws {
    let bench = try Workbench()
    let outcome = bench(
      "run", "--optimizer", method, "--hidden", "10", "--epochs", "10", "--check", "never",
      "--format", "json")
    #expect(outcome.status == 0, "\(outcome.diagnostics)")
    let run = try #require(try outcome.json as? [String: Any])
    let cost = try #require((run["metrics"] as? [String: [String: Any]])?["cost"])
    let (first, last) = (cost["first"] as? Double, cost["last"] as? Double)
    #expect(try #require(last) < #require(first))
    #expect((run["outcome"] as? String)?.isEmpty == false)
  }

  @Test("a quiet run says nothing but its summary, and presets are listed")
  func manners() throws {
    let bench = try Workbench()
    let quiet = bench("run", "--epochs", "1", "--check", "never", "--quiet")
    #expect(quiet.diagnostics.isEmpty && quiet.output.contains("Run 1"))
    let presets = bench("run", "--list-presets")
    #expect(presets.output.contains("saturated-digits"))
  }

  @Test("a store is found in the folder above, and by TRACKER_DB")
  func location() throws {
    let bench = try Workbench()
    bench("run", "--epochs", "1", "--check", "never", "--quiet")
    let below = try Workbench(in: bench.path("a/b"))
    // Tests look no higher than their own folder, unless they say so.
    #expect(below("list").status == 66)
    below.environment["TRACKER_DB"] = ""
    #expect(below("list").output.contains("finished"))
    below.environment["TRACKER_DB"] = below.path("own.sqlite")
    #expect(below("list").status == 66)
    below("run", "--epochs", "1", "--check", "never", "--quiet")
    #expect(FileManager.default.fileExists(atPath: below.path("own.sqlite")))
  }
}
