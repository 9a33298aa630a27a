import Foundation
import Testing
import TrackerOptimization
import TrackerStore

/// How many threads a training has.
@Suite("--threads and TRACKER_THREADS")
struct ThreadTests {
  private let small = ["--hidden", "20", "--epochs", "8", "--check", "end", "--quiet"]

  @Test("a run is the same to the bit on any number of threads, however it was said")
  func sameBits() throws {
    let bench = try Workbench()
    for threads in ["1", "2", "5", "400"] {
      let outcome = bench.run(["run", "--threads", threads] + small)
      #expect(outcome.status == 0, "\(outcome.diagnostics)")
    }
    bench.environment["TRACKER_THREADS"] = "3"
    #expect(bench.run(["run"] + small).status == 0)
    let store = try Store(path: bench.store, access: .existing)
    let parameters = try (1...5).map { try store.artifact(run: $0, name: "parameters/final") }
    #expect(parameters.allSatisfy { $0 == parameters[0] })
    let run = try store.run(id: 1)
    #expect(run.parameters["threads"] == nil, "it is not a parameter: nothing depends on it")
  }

  @Test("a sweep takes it for each trial, and hands it on to the commands that it prints")
  func sweep() throws {
    let bench = try Workbench()
    let outcome = bench.run(
      ["sweep", "--lambda", "0,1", "--jobs", "2", "--threads", "1"] + small)
    #expect(outcome.status == 0, "\(outcome.diagnostics)")
    let printed = bench.run(
      ["sweep", "--lambda", "0,1", "--threads", "2", "--print-commands"] + small)
    #expect(
      printed.output.split(separator: "\n").allSatisfy { $0.contains("--threads 2") },
      "\(printed.output)")
  }

  @Test("what is not a number from 1 up is bad usage, and names what was said")
  func mistakes() throws {
    let bench = try Workbench()
    for command in ["run", "sweep", "resume", "check", "predict"] {
      let arguments = command == "predict" ? [command, "1"] : [command]
      let outcome = bench.run(arguments + ["--threads", "0"])
      #expect(
        outcome.status == 64 && outcome.diagnostics.contains("at least 1, not 0"), "\(command)")
    }
    for text in ["0", "many", "-2", "1.5"] {
      bench.environment["TRACKER_THREADS"] = text
      let outcome = bench.run(["run"] + small)
      #expect(
        outcome.status == 64 && outcome.diagnostics.contains("TRACKER_THREADS is \"\(text)\""))
    }
  }

  #if os(Linux)
    @Test(
      "by default there are as many threads as the process may use processors, not as there are")
    func affinity() throws {
      #expect((1...16).contains(MathThreads.processorCount))
      #expect(MathThreads.processorCount <= ProcessInfo.processInfo.activeProcessorCount)
    }
  #endif
}
