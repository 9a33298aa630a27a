import Foundation
import Testing
import TrackerStore

@Suite("compare")
struct CompareTests {
  /// A store with two runs of a foreign program; the second is slower, goes on for longer, and logs a reward.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    let store = try Store(path: bench.store)
    for (rate, steps) in [(1.0, 20), (4.0, 40)] {
      let start = Timestamp(milliseconds: 1_700_000_000_000)
      let run = try store.startRun(RunStart(parameters: ["rate": .real(rate)], startedAt: start))
      for step in 0...steps {
        try run.log(
          [
            ("loss", rate * Double(64 - step) / 64), ("evaluations", Double(step * 2)),
            ("energy", Double(step) / rate),
          ],
          step: Int64(step),
          time: Timestamp(milliseconds: start.milliseconds + Int64(step) * 250))
      }
      try run.finish(.finished, at: Timestamp(milliseconds: start.milliseconds + 60_000))
    }
    return bench
  }

  private func object(_ outcome: Outcome) throws -> [String: Any] {
    try #require(try outcome.json as? [String: Any], "\(outcome.diagnostics)")
  }

  private func metric(_ key: String, in outcome: Outcome) throws -> [String: Any] {
    let metrics = try #require(try object(outcome)["metrics"] as? [[String: Any]])
    return try #require(metrics.first { $0["key"] as? String == key })
  }

  @Test("metrics are compared at the last step that both runs have, too")
  func sameStep() throws {
    let loss = try metric("loss", in: bench()("compare", "1", "2", "--format", "json"))
    let shared = try #require(loss["sameStep"] as? [String: Any])
    #expect(shared["step"] as? Int == 20 && shared["best"] as? Int == 1)
    #expect(shared["values"] as? [Double] == [0.6875, 2.75])
    let differences = try #require(loss["differences"] as? [Any])
    #expect(differences[0] is NSNull && differences[1] as? Double == 1.5 - 0.6875)
    let percents = try #require(loss["percents"] as? [Any])
    let percent = try #require(percents[1] as? Double)
    #expect(abs(percent - (1.5 / 0.6875 - 1) * 100) < 1e-9)
  }

  @Test("a target is reached at a step, after evaluations and time, or never")
  func target() throws {
    let bench = try bench()
    let target = try #require(
      try object(bench("compare", "1", "2", "--target", "0.7", "--format", "json"))["target"]
        as? [String: Any])
    #expect(target["metric"] as? String == "loss" && target["direction"] as? String == "minimize")
    let reached = try #require(target["reached"] as? [Any])
    let first = try #require(reached[0] as? [String: Any])
    #expect(first["step"] as? Int == 20 && first["evaluations"] as? Double == 40)
    #expect(first["seconds"] as? Double == 5 && first["value"] as? Double == 0.6875)
    #expect(reached[1] is NSNull)
    let text = bench("compare", "1", "2", "--target", "0.7").output
    #expect(text.contains("To reach loss ≤ 0.7") && text.contains("never"))
  }

  @Test("a target of a metric whose name tells nothing needs a direction")
  func unknownDirection() throws {
    let bench = try bench()
    let refused = bench("compare", "1", "2", "--target", "3", "--metric", "energy")
    #expect(refused.status == 64 && refused.diagnostics.contains("--maximize or --minimize"))
    let outcome = bench("compare", "1", "2", "--target", "3", "--metric", "energy", "--maximize")
    #expect(outcome.status == 0 && outcome.output.contains("To reach energy ≥ 3"))
    #expect(bench("compare", "1", "2", "--target", "nan").status == 64)
  }

  @Test(
    "--maximize marks the winner of a metric whose name tells nothing, and --metric says of which")
  func direction() throws {
    let bench = try bench()
    let plain = try metric("energy", in: bench("compare", "1", "2", "--format", "json"))
    #expect(plain["best"] is NSNull && plain["direction"] is NSNull)
    let all = bench("compare", "1", "2", "--maximize", "--format", "json")
    #expect(try metric("energy", in: all)["best"] as? Int == 1)
    // What is known of the loss stands.
    #expect(try metric("loss", in: all)["direction"] as? String == "minimize")
    let chosen = bench(
      "compare", "1", "2", "--maximize", "--metric", "loss", "--format", "json")
    #expect(try metric("loss", in: chosen)["best"] as? Int == 2)
    #expect(try metric("energy", in: chosen)["best"] is NSNull)
  }

  @Test("--metric chooses what is drawn, --log and --linear how, and an unknown one is an error")
  func plots() throws {
    let bench = try bench()
    let text = bench("compare", "1", "2", "--metric", "energy").output
    #expect(text.contains("\nenergy\n") && !text.contains("\nloss, logarithmic\n"))
    #expect(text.contains("A run 1   B run 2"))
    #expect(bench("compare", "1", "2", "--log").output.contains("\nloss, logarithmic\n"))
    #expect(bench("compare", "1", "2", "--linear").output.contains("\nloss\n"))
    let unknown = bench("compare", "1", "2", "--metric", "los")
    #expect(unknown.status == 64 && unknown.diagnostics.contains("loss"))
    #expect(bench("compare", "--group-by", "rate", "--log").status == 64)
  }
}
