import ArgumentParser
import TrackerReporting
import TrackerStore

struct CompareCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Show runs side by side: what differs, and which is better.",
    discussion: """
      Parameters, data, code and environment that differ come first, then metrics with their \
      difference and the winner, gradient checks and time.

      EXAMPLES
        tracker compare 12 13
        tracker compare latest latest~1 best:testAccuracy
        tracker compare 12 13 --exit-code && echo equal
      """)

  @Argument(help: "Two runs or more: ids, latest, latest~1, unique names, best:METRIC.")
  var runs: [String]
  @Flag(help: "Show what does not differ, too.")
  var all = false
  @Flag(help: "Exit with status 1 if the runs differ.")
  var exitCode = false
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: FormatOptions

  func validate() throws {
    if runs.count < 2 { throw ValidationError("compare takes two runs or more") }
  }

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let runs = try self.runs.map { try store.run(id: store.runID($0)) }
    let view = ComparisonView(
      runs: runs, curves: try store.curves(of: runs, metrics: ["cost", "testAccuracy"]),
      showsAll: all)
    output.show(view, in: context)
    if exitCode, view.differs { throw ExitStatus.no }
  }
}
