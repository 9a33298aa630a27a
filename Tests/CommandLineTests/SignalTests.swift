import Foundation
import Testing
import TrackerStore

/// The real program, interrupted and killed.
@Suite("Runs that do not come to their end", .serialized)
struct SignalTests {
  private func start(_ bench: Workbench) throws -> Process {
    let process = try bench.launch(
      "run", "--optimizer", "gd", "--learning-rate", "0.01", "--epochs", "1000000", "--check",
      "never", "--quiet")
    let deadline = Date().addingTimeInterval(patience)
    while Date() < deadline {
      if let store = try? Store(path: bench.store, access: .existing),
        let run = try? store.runs().first, (run.metrics["cost"]?.count ?? 0) > 3
      {
        return process
      }
      usleep(20_000)
    }
    process.terminate()
    Issue.record("the run did not start")
    return process
  }

  @Test(
    "Ctrl-C and SIGTERM end a run as interrupted, with all its epochs",
    arguments: [SIGINT, SIGTERM])
  func interrupted(signal: Int32) throws {
    let bench = try Workbench()
    let process = try start(bench)
    kill(process.processIdentifier, signal)
    process.finish()
    #expect(process.terminationReason == .exit && process.terminationStatus == 130)
    let run = try Store(path: bench.store, access: .existing).run(id: 1)
    #expect(run.status == .interrupted && run.endedAt != nil)
    let cost = try #require(run.metrics["cost"])
    #expect(Int(cost.lastStep) == cost.count - 1)
    #expect(run.outcome?.contains("Stopped after \(cost.lastStep) epochs") == true)
  }

  @Test("a killed run is seen as crashed by the next command, with all its epochs")
  func killed() throws {
    let bench = try Workbench()
    let process = try start(bench)
    #expect(bench("list").output.contains("running"))
    let seen = try Store(path: bench.store, access: .existing).run(id: 1)
    kill(process.processIdentifier, SIGKILL)
    process.finish()
    #expect(bench("list").output.contains("crashed"))
    let run = try Store(path: bench.store, access: .existing).run(id: 1)
    #expect(run.status == .crashed && run.endedAt != nil)
    let before = try #require(seen.metrics["cost"])
    let after = try #require(run.metrics["cost"])
    #expect(after.count >= before.count && Int(after.lastStep) == after.count - 1)
    #expect(
      try Store(path: bench.store, access: .existing).points(run: 1, metric: "cost").count
        == after.count)
    #expect(bench("doctor").status == 0)
  }

  @Test("a suspended run is alive")
  func suspended() throws {
    let bench = try Workbench()
    let process = try start(bench)
    kill(process.processIdentifier, SIGSTOP)
    #expect(bench("list").output.contains("running"))
    kill(process.processIdentifier, SIGCONT)
    kill(process.processIdentifier, SIGKILL)
    process.finish()
  }

  @Test("a reader that goes away ends the output, not the run")
  func brokenPipe() throws {
    let bench = try Workbench()
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = [
      "-c",
      "'\(Workbench.program.path)' run --epochs 3 --check never --db '\(bench.store)' 2>&1 | true",
    ]
    try shell.run()
    shell.finish()
    let deadline = Date().addingTimeInterval(patience)
    var status = RunStatus.running
    while status == .running, Date() < deadline {
      usleep(20_000)
      status = (try? Store(path: bench.store, access: .existing).run(id: 1).status) ?? .running
    }
    #expect(status == .finished)
  }
}
