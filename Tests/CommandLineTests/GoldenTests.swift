import Foundation
import TestSupport
import Testing

/// Whole outputs of the commands that read, in every format, against files under Fixtures.
@Suite("Whole outputs")
struct GoldenTests {
  static let commands: [(name: String, arguments: [String])] = [
    ("list", ["list"]),
    ("list-where", ["list", "--where", "lambda = 0.5 and best(cost) < 1 or name is null"]),
    ("list-columns", ["list", "--columns", "id,lambda,metrics.cost,best(testAccuracy)"]),
    ("show-finished", ["show", "baseline"]),
    ("show-failed-check", ["show", "2"]),
    ("show-strange", ["show", "latest"]),
    ("show-metric", ["show", "2", "--metric", "cost"]),
    ("compare", ["compare", "1", "2"]),
    ("compare-three", ["compare", "1", "2", "3", "--all"]),
    ("query", ["query", "SELECT run_id, key, last FROM metrics ORDER BY run_id, key"]),
  ]

  /// Of runs over seeds.
  static let seedCommands: [(name: String, arguments: [String])] = [
    ("compare-groups", ["compare", "--group-by", "lambda"]),
    ("compare-groups-cost", ["compare", "--group-by", "params.lambda", "--metric", "cost"]),
    ("list-groups", ["list", "--group-by", "lambda,optimizer", "--limit", "3"]),
    ("compare-six", ["compare", "1", "2", "3", "6", "11", "13", "--target", "0.6", "--log"]),
  ]

  @Test("are what they were", arguments: commands.indices, ["table", "json", "csv", "markdown"])
  func golden(index: Int, format: String) throws {
    try expect(Self.commands[index], format, SampleStore.make) { $0 }
  }

  @Test(
    "of runs over seeds are what they were", arguments: seedCommands.indices,
    ["table", "json", "csv", "markdown"])
  func seeds(index: Int, format: String) throws {
    // The last digits of what is computed depend on the processor.
    let long = try Regex("-?[0-9]+\\.[0-9]{11,}(?:e-?[0-9]+)?", as: Substring.self)
    try expect(Self.seedCommands[index], format, SampleStore.makeSeeds) { text in
      text.replacing(long) { String(format: "%.9g", Double($0.output) ?? .nan) }
    }
  }

  private func expect(
    _ command: (name: String, arguments: [String]), _ format: String,
    _ make: (String) throws -> Void, _ normalized: (String) -> String
  ) throws {
    let (name, arguments) = command
    let bench = try Workbench()
    bench.now = SampleStore.now
    bench.environment["COLUMNS"] = "100"
    try make(bench.store)
    let outcome = bench.run(arguments + ["--format", format, "--utc"])
    #expect(outcome.status == 0, "\(outcome.diagnostics)")
    #expect(outcome.diagnostics.isEmpty)
    // A run's UUID is random.
    let uuid = try Regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    try expectGolden(
      normalized(outcome.output.replacing(uuid, with: "UUID")), "Outputs/\(name).\(format)")
  }
}
