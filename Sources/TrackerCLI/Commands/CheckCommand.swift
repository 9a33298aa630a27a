import ArgumentParser
import TrackerExperiments
import TrackerReporting
import TrackerStore

struct CheckCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check a run's gradient again, at its stored parameters.",
    discussion: """
      Every derivative that back-propagation claims is compared with a difference quotient. The check \
      is recorded with the run. Exits with status 1 if it fails.

      EXAMPLES
        tracker check latest
        tracker check 12 --at end --epsilon 1e-5 --check-method complex-step
      """)

  @Argument(help: "An id, latest, latest~1, a unique name, or best:METRIC.")
  var run = "latest"
  @Option(help: "At the parameters of the start or the end.")
  var at = CheckPoint.end
  @OptionGroup var check: CheckMethodOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: FormatOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let run = try store.run(id: store.runID(run))
    let record = try Recheck(store: store, run: run).check(at: at) { check.apply(to: &$0) }
    output.show(CheckView(check: record, run: run.id), in: context)
    if !record.passed { throw ExitStatus.no }
  }
}

extension CheckPoint: ExpressibleByArgument {}
