import Foundation
import Testing

@testable import TrackerCLI

@Suite("Help and manual")
struct ManualTests {
  @Test("every command has help with examples, and a manual page of the same")
  func everyCommand() throws {
    let commands = try CommandDescription.program().all
    #expect(commands.count > 30)
    let bench = try Workbench()
    for command in commands {
      let words = command.fullName.split(separator: " ").dropFirst().map(String.init)
      let help = bench.run(words + ["--help"])
      #expect(help.status == 0 && help.output.contains("EXAMPLES"), "\(command.fullName)")
      let page = ManualPage(command: command, source: "tracker", day: "2026-11-24").text
      for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "SEE ALSO"] {
        #expect(page.contains("\n.SH \(section)\n"), "\(command.fullName) \(section)")
      }
      #expect(page.utf8.allSatisfy { $0 < 0x80 })
    }
  }

  @Test("groff and mandoc, where they are, set every page without a complaint")
  func roff() throws {
    let bench = try Workbench()
    let outcome = bench("man", "--output", "made/man1")
    #expect(outcome.status == 0, "\(outcome.diagnostics)")
    let pages = try FileManager.default.contentsOfDirectory(atPath: bench.path("made/man1"))
    #expect(outcome.output == "wrote \(pages.count) pages to made/man1\n")
    #expect(pages.contains("tracker.1") && pages.contains("tracker-artifact-add.1"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.currentDirectoryURL = bench.folder
    process.arguments = [
      "-c",
      """
      for page in made/man1/*; do
        if command -v groff >/dev/null; then groff -ww -man -Tutf8 $page 2>&1 >/dev/null; fi
        if command -v mandoc >/dev/null; then mandoc -Tlint -Wwarning $page; fi
      done > complaints
      """,
    ]
    try process.run()
    process.finish()
    let complaints = try String(contentsOfFile: bench.path("complaints"), encoding: .utf8)
    #expect(complaints.isEmpty, "\(complaints)")
  }

  @Test("a command that is not there has no page, and a folder that cannot be made is told of")
  func mistakes() throws {
    let bench = try Workbench()
    #expect(bench("man", "lst").status == 64)
    #expect(bench("man", "list", "-o", "made").status == 64)
    try "".write(toFile: bench.path("file"), atomically: true, encoding: .utf8)
    let outcome = bench("man", "-o", "file/man1")
    #expect(outcome.status == 73 && outcome.diagnostics.contains("cannot create"))
  }
}
