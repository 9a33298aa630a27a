import Testing

@testable import TrackerCLI

/// What every command says of itself.
@Suite("Help")
struct HelpTests {
  @Test("stays within 80 columns, and breaks no example that somebody may copy")
  func everyCommand() throws {
    let bench = try Workbench()
    bench.width = 80
    for command in try CommandDescription.program().all where command.commandName != "help" {
      let words = command.fullName.split(separator: " ").dropFirst().map(String.init)
      let outcome = bench.run(words + ["--help"])
      #expect(outcome.status == 0 && outcome.diagnostics.isEmpty)
      let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
      // The parser writes a synopsis as one line.
      for line in lines where !line.hasPrefix("USAGE:") {
        #expect(line.count <= 80, "\(command.fullName): \(line)")
      }
      let heading = try #require(lines.firstIndex(of: "EXAMPLES"), "\(command.fullName)")
      let examples = lines[(heading + 1)...].prefix { !$0.isEmpty }
      #expect(!examples.isEmpty, "\(command.fullName)")
      for example in examples {
        // What follows a break has lost its indentation.
        #expect(example.hasPrefix("  "), "\(command.fullName): \(example)")
      }
    }
  }
}
