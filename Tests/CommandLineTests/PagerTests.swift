import Foundation
import Testing

@testable import TrackerCLI

@Suite("The pager", .serialized)
struct PagerTests {
  @Test("is TRACKER_PAGER, else PAGER, else less where there is one; nothing and cat are none")
  func choice() throws {
    let bench = try Workbench()
    #expect(Pager.command(["TRACKER_PAGER": "more", "PAGER": "most"]) == "more")
    #expect(Pager.command(["PAGER": "most -s"]) == "most -s")
    #expect(Pager.command(["TRACKER_PAGER": "", "PAGER": "most"]) == nil)
    #expect(Pager.command(["PAGER": "cat"]) == nil)
    #expect(Pager.command(["PATH": bench.folder.path]) == nil)
    try Data().write(to: bench.folder.appendingPathComponent("less"))
    chmod(bench.path("less"), 0o755)
    #expect(Pager.command(["PATH": "/nowhere:\(bench.folder.path)"]) == "less -FRX")
  }

  /// What a command writes on a terminal of 12 lines, and its status.
  private func shown(
    _ arguments: [String], environment: [String: String], height: UInt16 = 12
  ) throws -> Outcome {
    let bench = try Workbench()
    try SampleStore.make(at: bench.store)
    bench.environment = environment
    let session = try TerminalSession(bench, arguments, height: height)
    let output = session.finish()
    return Outcome(
      status: session.process.terminationStatus, output: output, diagnostics: "")
  }

  private static let marking = ["TRACKER_PAGER": "sed 's/^/paged: /'"]

  @Test(
    "shows the tables and Markdown that are longer than the screen, in colour",
    arguments: ["table", "markdown"])
  func long(format: String) throws {
    let outcome = try shown(["show", "1", "--format", format], environment: Self.marking)
    #expect(outcome.status == 0)
    let lines = outcome.output.split(whereSeparator: \.isNewline)
    #expect(lines.count > 12 && lines.allSatisfy { $0.hasPrefix("paged: ") })
    #expect(outcome.output.contains("\u{1B}[") == (format == "table"))
  }

  @Test(
    "shows nothing that is short, for programs, or not asked for",
    arguments: [
      (["list"], marking), (["show", "1", "--no-pager"], marking),
      (["show", "1", "--format", "json"], marking),
      (["show", "1", "--metric", "cost", "--format", "csv"], marking),
      (["show", "1"], marking.merging(["TERM": "dumb"]) { $1 }),
      (["show", "1"], ["TRACKER_PAGER": "", "PAGER": "false"]),
      (["run", "--epochs", "1", "--help"], marking),
    ])
  func short(arguments: [String], environment: [String: String]) throws {
    let outcome = try shown(arguments, environment: environment)
    #expect(outcome.status == 0 && !outcome.output.isEmpty)
    #expect(!outcome.output.contains("paged: "))
  }

  @Test("shows nothing where the output is not a terminal")
  func piped() throws {
    let bench = try Workbench()
    try SampleStore.make(at: bench.store)
    bench.environment = Self.marking
    let outcome = try bench.spawn("show", "1")
    #expect(outcome.status == 0 && outcome.output == bench("show", "1").output)
  }

  @Test("may be left early or fail: the command's status stays its own")
  func status() throws {
    for pager in ["true", "head -n 1", "exit 3", "kill -9 $$"] {
      let environment = ["TRACKER_PAGER": pager]
      #expect(try shown(["show", "1"], environment: environment).status == 0)
      #expect(
        try shown(["compare", "1", "2", "--exit-code"], environment: environment).status == 1)
    }
  }

  @Test("that is not there leaves the output to be printed")
  func missing() throws {
    let outcome = try shown(["show", "1"], environment: ["TRACKER_PAGER": "/no/such/pager"])
    #expect(outcome.status == 0 && outcome.output.contains("Run 1 · baseline"))
  }

  @Test(
    "less shows a screen, takes keys and Ctrl-C, and is quit with q",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/less")))
  func less() throws {
    let bench = try Workbench()
    try SampleStore.make(at: bench.store)
    let session = try TerminalSession(bench, ["show", "1"], height: 12)
    session.expect("Run 1 · baseline")
    session.expect("data SHA-256")
    #expect(!session.output.contains("Environment"))
    kill(session.process.processIdentifier, SIGINT)
    session.type("G")
    session.expect("(END)")
    session.type("q")
    _ = session.finish()
    #expect(session.process.terminationReason == .exit && session.process.terminationStatus == 0)
  }
}
