import Foundation
import Testing
import TrackerStore

/// Programs that know nothing of tracker.
@Suite("tracker record")
struct RecordTests {
  @Test("records the JSON lines of a program, passes all lines through and ends with its status")
  func program() throws {
    let bench = try Workbench()
    let script = #"""
      echo "not json"; echo '{"step": 5, "cost": 0.5, "odd": NaN}'; echo '{"cost": 0.25}'; printf '{"cost": 0.1}'; exit 7
      """#
    let outcome = try bench.spawn(
      "record", "--param", "lr=0.1", "--param", "n=3", "--param", "fast=true", "--param", "opt=a=b",
      "--name", "first", "--tag", "team=a", "--", "sh", "-c", script)
    #expect(outcome.status == 7)
    #expect(
      outcome.output
        == "not json\n{\"step\": 5, \"cost\": 0.5, \"odd\": NaN}\n{\"cost\": 0.25}\n{\"cost\": 0.1}"
    )
    let store = try Store(path: bench.store, access: .existing)
    let run = try store.run(id: store.runID("first"))
    #expect(run.status == .failed && run.error?.contains("status 7") == true)
    #expect(
      run.parameters
        == ["lr": .real(0.1), "n": .integer(3), "fast": .boolean(true), "opt": .text("a=b")])
    let points = try store.points(run: run.id, metric: "cost")
    #expect(points.map(\.step) == [5, 6, 7] && points.map(\.value) == [0.5, 0.25, 0.1])
    #expect(try store.points(run: run.id, metric: "odd")[0].value.isNaN)
  }

  @Test("hands a stop signal on to the program, and ends with it whatever it left running")
  func interrupted() throws {
    let bench = try Workbench()
    let process = try bench.launch(
      "record", "--", "sh", "-c", #"sleep 60 & echo "{\"background\": $!}"; wait; echo never"#)
    func run() -> Run? { try? Store(path: bench.store, access: .existing).run(id: 1) }
    func wait(for condition: () -> Bool) {
      let deadline = Date().addingTimeInterval(patience)
      while !condition(), Date() < deadline { usleep(20_000) }
    }
    wait { run()?.metrics["background"] != nil }
    let background = try #require(run()?.metrics["background"]?.last)
    defer { kill(pid_t(background), SIGKILL) }
    kill(process.processIdentifier, SIGTERM)
    wait { run()?.status != .running }
    #expect(run()?.status == .interrupted)
    #expect(kill(pid_t(background), 0) == 0)
    // Foundation takes a process for ended when nobody holds what it inherited any more.
    kill(pid_t(background), SIGKILL)
    process.finish()
    #expect(process.terminationStatus == 128 + SIGTERM)
  }

  @Test("a program finds its signals as they are without us")
  func signals() throws {
    let bench = try Workbench()
    let piped = try bench.spawn("record", "--", "sh", "-c", "kill -PIPE $$; echo survived")
    #expect(piped.status == 128 + SIGPIPE && !piped.output.contains("survived"))
    // Whoever starts us may ignore the end of children; we need it.
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = [
      "-c",
      "trap '' CHLD; exec '\(Workbench.program.path)' record --db '\(bench.store)' -- sh -c 'exit 3'",
    ]
    shell.standardError = FileHandle.nullDevice
    try shell.run()
    shell.finish()
    #expect(shell.terminationStatus == 3)
  }

  @Test(
    "says that nothing was recorded, and what would have been; and what was too long to be read")
  func nothing() throws {
    let bench = try Workbench()
    let silent = try bench.spawn("record", "--", "sh", "-c", "echo loss is 0.5; echo Epoch 1/2")
    #expect(silent.status == 0 && silent.diagnostics.contains("nothing was recorded"))
    for example in [
      "{\"step\": 1, \"loss\": 0.5}", "{'loss': 0.5, 'epoch': 1.0}", "--pattern", "--stderr",
    ] {
      #expect(silent.diagnostics.contains(example), "\(silent.diagnostics)")
    }
    let long = try bench.spawn(
      "record", "--", "sh", "-c",
      "echo '{\"a\": 1}'; head -c 3000000 /dev/zero | tr '\\0' x; echo; echo '{\"a\": 2}'")
    #expect(long.output.utf8.count == 3_000_000 + 19)
    #expect(long.diagnostics.contains("1 line longer than 1 MiB passed through unread"))
    #expect(!long.diagnostics.contains("nothing"))
    let store = try Store(path: bench.store, access: .existing)
    #expect(try store.points(run: 2, metric: "a").map(\.value) == [1, 2])
  }

  @Test("reads lines of other forms and standard error where that is asked for")
  func patterns() throws {
    let bench = try Workbench()
    let outcome = try bench.spawn(
      "record", "--pattern", "keras", "--pattern", "it {step} of {_}: {loss}", "--stderr", "--",
      "sh", "-c",
      "echo out; echo 'it 4 of 10: 0.5' >&2; echo 'Epoch 9/9'; echo '3/3 - 1s - val_loss: 0.25'; exit 3"
    )
    #expect(outcome.status == 3 && outcome.output == "out\nEpoch 9/9\n3/3 - 1s - val_loss: 0.25\n")
    #expect(outcome.diagnostics.hasPrefix("it 4 of 10: 0.5\n"))
    let store = try Store(path: bench.store, access: .existing)
    #expect(try store.points(run: 1, metric: "loss").map(\.step) == [4])
    #expect(try store.points(run: 1, metric: "val_loss").map(\.step) == [9])
    #expect(try store.run(id: 1).metrics.keys.sorted() == ["loss", "val_loss"])
    for wrong in [["--pattern", "loss"], ["--pattern", "{"]] {
      let refused = bench.run(["record"] + wrong + ["--", "true"])
      #expect(refused.status == 64 && refused.diagnostics.contains("key=value"))
    }
    #expect(bench("record", "--stderr").status == 64)
    #expect(try store.runs().count == 1)
  }

  @Test("says when there is no such program, and the run is no success")
  func missing() throws {
    let bench = try Workbench()
    let outcome = bench("record", "--", "no-such-program-anywhere")
    #expect(outcome.status == 66 && outcome.diagnostics.contains("cannot start"))
    #expect(try Store(path: bench.store, access: .existing).run(id: 1).status == .failed)
  }
}
