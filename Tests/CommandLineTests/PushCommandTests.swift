import Testing

@testable import TrackerCLI

/// What `push` says before it speaks to a server; what it sends is tested in `TrackerMLflowTests`.
@Suite("The command push")
struct PushCommandTests {
  @Test(
    "an address that is none, or that shows a password, is refused",
    arguments: [
      "sqlite:///mlflow.db", "./mlruns", "http://", "http://ann:secret@host", "http://host/?a=b",
      "http://a b",
    ])
  func addresses(address: String) throws {
    let bench = try Workbench()
    _ = bench.run(["start"])
    let outcome = bench.run(["push", "--to", address])
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(!outcome.diagnostics.contains("secret"))
  }

  @Test("without an address it says how to give one")
  func noAddress() throws {
    let bench = try Workbench()
    _ = bench.run(["start"])
    let outcome = bench.run(["push"])
    #expect(outcome.status == 64 && outcome.diagnostics.contains("MLFLOW_TRACKING_URI"))
  }

  @Test("a server that is not there ends it at once, with the status of what is unavailable")
  func nobodyThere() throws {
    let bench = try Workbench()
    _ = bench.run(["start"])
    let clock = ContinuousClock()
    let start = clock.now
    let outcome = bench.run(["push", "--to", "http://127.0.0.1:9"])
    #expect(outcome.status == 69 && outcome.diagnostics.hasPrefix("error: "))
    #expect(clock.now - start < .seconds(10))
  }

  @Test("a run that is not there is said before the server is asked")
  func noRun() throws {
    let bench = try Workbench()
    _ = bench.run(["start"])
    #expect(bench.run(["push", "--to", "http://127.0.0.1:9", "17"]).status == 66)
  }
}
