import Testing
import TrackerEngine

@testable import TrackerCLI

/// What every command says of itself.
@Suite("Help")
struct HelpTests {
  @Test("every option of a training can be typed, and says its default once")
  func trainingOptions() throws {
    let bench = try Workbench()
    bench.width = 1000
    let help = bench.run(["run", "--help"]).output
    for option in TrainingOption.all {
      let name = option.key.reduce("") { $0 + ($1.isUppercase ? "-" + $1.lowercased() : "\($1)") }
      #expect(help.contains("--\(name)"), "\(option.key)")
      #expect(option.help.ranges(of: "default").count == 1, "\(option.help)")
    }
  }

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
