import Foundation
import Testing

/// What every command says of itself.
@Suite("Help")
struct HelpTests {
  /// The words that call each command, as the parser knows them: `[]` for the program, `["list"]`,
  /// `["artifact", "add"]`.
  private func commands() throws -> [[String]] {
    let dump = try Workbench().run(["--experimental-dump-help"]).json
    func walk(_ command: Any?, _ words: [String]) throws -> [[String]] {
      let command = try #require(command as? [String: Any])
      let children = command["subcommands"] as? [[String: Any]] ?? []
      let ours = children.filter { $0["commandName"] as? String != "help" }
      return try [words]
        + ours.flatMap { try walk($0, words + [$0["commandName"] as? String ?? ""]) }
    }
    return try walk((dump as? [String: Any])?["command"], [])
  }

  /// The lines below `EXAMPLES`, without their indentation.
  private func examples(in help: String) -> [String] {
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
    guard let heading = lines.firstIndex(of: "EXAMPLES") else { return [] }
    return lines[(heading + 1)...].prefix { !$0.isEmpty }.map(String.init)
  }

  @Test("has examples for each command, each on a line of its own in 80 columns")
  func everyCommandHasExamples() throws {
    let commands = try commands()
    #expect(commands.count > 30)
    let bench = try Workbench()
    bench.width = 80
    for words in commands {
      let outcome = bench.run(words + ["--help"])
      #expect(outcome.status == 0 && outcome.diagnostics.isEmpty)
      let examples = examples(in: outcome.output)
      #expect(!examples.isEmpty, "\(words) has no examples")
      for example in examples {
        // A line that was broken has lost its indentation.
        #expect(example.hasPrefix("  "), "\(words): \(example)")
      }
      for line in outcome.output.split(separator: "\n") where !line.hasPrefix("USAGE:") {
        #expect(line.count <= 80, "\(words): \(line)")
      }
    }
  }
}
