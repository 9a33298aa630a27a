import Foundation
import TestSupport
import Testing

@testable import TrackerStore

@Suite("Who is alive")
struct CrashDetectionTests {
  private let here = SystemFacts.host

  private func identity(_ change: (inout ProcessIdentity) -> Void = { _ in }) -> ProcessIdentity {
    var identity = ProcessIdentity.current()
    change(&identity)
    return identity
  }

  /// A process that has just ended, with what it was when it lived.
  private func ended() throws -> ProcessIdentity {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sleep")
    process.arguments = ["30"]
    try process.run()
    let identity = try #require(ProcessIdentity.running(pid: process.processIdentifier))
    #expect(identity.state(host: here) == .alive)
    kill(process.processIdentifier, SIGSTOP)
    #expect(identity.state(host: here) == .alive, "suspended")
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return identity
  }

  @Test("this process is alive, and one that has ended is gone")
  func plain() throws {
    #expect(identity().state(host: here) == .alive)
    #expect(try ended().state(host: here) == .gone)
    #expect(ProcessIdentity.running(pid: 0) == nil && ProcessIdentity.running(pid: -1) == nil)
  }

  @Test("a number that was given to another process later is not the old one's life")
  func reuse() {
    #expect(identity { $0.startTime = ($0.startTime ?? 0) - 1 }.state(host: here) == .gone)
    // init is there on every system; it is not who we were.
    #expect(identity { $0.pid = 1 }.state(host: here) == .gone)
    // Where the start is not known, the number alone must do, and it speaks for life.
    #expect(identity { $0.startTime = nil }.state(host: here) == .alive)
  }

  @Test("what cannot be seen from here is not judged: another host, machine or pid namespace")
  func elsewhere() throws {
    let gone = try ended()
    #expect(gone.state(host: here + "x") == .unknown)
    var other = gone
    other.machineID = "0123456789abcdef"
    #expect(other.state(host: here) == .unknown)
    other = gone
    other.pidNamespace = "pid:[1]"
    #expect(other.state(host: here) == .unknown)
    // A run that no process makes.
    #expect(ProcessIdentity.none.state(host: here) == .unknown)
  }

  @Test("an earlier boot of this machine took its processes with it")
  func reboot() throws {
    guard SystemFacts.bootID != nil else { return }
    let before = identity { $0.bootID = "00000000-0000-0000-0000-000000000000" }
    // Without a machine's id the name may be another's.
    #expect(before.state(host: here) == (SystemFacts.machineID == nil ? .unknown : .gone))
    #expect(identity { $0.bootID = nil }.state(host: here) == .alive)
  }

  @Test("neither the time since the last record nor a clock that jumped makes a living run crashed")
  func clock() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("tracker.sqlite"))
    for offset: Int64 in [-1_000_000_000_000, 0, 1_000_000_000_000] {
      let start = Timestamp(milliseconds: Timestamp.now().milliseconds + offset)
      let run = try store.startRun(RunStart(startedAt: start))
      try run.log([("m", 1)], step: 0, time: start)
    }
    #expect(try store.markCrashedRuns().isEmpty)
    #expect(try store.runs().allSatisfy { $0.status == .running })
  }

  @Test("a crashed run ended when it was last known to live, and is marked once")
  func marked() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("tracker.sqlite"))
    var environment = RunEnvironment.current()
    environment.process = try ended()
    let start = Timestamp(milliseconds: Timestamp.now().milliseconds - 60_000)
    let run = try store.startRun(RunStart(environment: environment, startedAt: start))
    let last = Timestamp(milliseconds: start.milliseconds + 5_000)
    try run.log([("m", 1)], step: 0, time: last)
    let foreign = try store.startRun(
      RunStart(
        environment: RunEnvironment(
          program: "x", gitCommit: nil, gitDirty: nil, host: "elsewhere", user: "x",
          process: environment.process, command: "x")))
    #expect(try store.markCrashedRuns() == [run.id])
    #expect(try store.run(id: run.id).status == .crashed && store.run(id: run.id).endedAt == last)
    #expect(try store.run(id: foreign.id).status == .running)
    #expect(try store.markCrashedRuns().isEmpty)
  }
}
