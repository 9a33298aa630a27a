import ArgumentParser
import TrackerExperiments
import TrackerGradientCheck
import TrackerViews
import TrackerStore

struct CheckCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check a gradient: of a run, or of any other code.",
    discussion: """
      For a run, it compares every derivative of back-propagation, at the stored parameters, with a difference \
      quotient, and records the check with the run. For other code, it compares two vectors, one value a \
      parameter, from .npy files or text with one value a line, and records them as a run of their own. numpy.save("analytic.npy", gradient) writes such a file. Exits with status 1 if the check fails.

      EXAMPLES
        tracker check latest
        tracker check 12 --at start --epsilon 1e-5 --check-method complex-step
        tracker check --analytic a.npy --numerical n.npy --theta t.npy \\
          --shapes 65x100,101x10 --examples 1797 --lambda 0.5 --epsilon 1e-4
      """)

  @Argument(
    help: "An id, latest, latest~1, a unique name, or best:METRIC. (default: latest)",
    completion: Completion.run)
  var run: String?
  @Option(help: "At the run's parameters of the start or the end. (default: end)")
  var at: CheckPoint?
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var method: CheckMethodOptions
  @OptionGroup(title: "Vectors of other code") var vectors: VectorOptions
  @OptionGroup(title: "Output") var store: StoreOptions
  @OptionGroup var output: ReadingOptions

  func validate() throws {
    try vectors.validate(besideRun: run != nil || at != nil)
  }

  func run(in context: CommandContext) throws {
    let (run, record, store) =
      try vectors.areGiven ? checkVectors(in: context) : checkRun(in: context)
    output.show(
      CheckView(check: record, run: run, vectors: try store.vectors(ofCheck: record.id)),
      in: context)
    if !record.passed { throw ExitStatus.no }
  }

  private func checkRun(in context: CommandContext) throws -> (Int64, GradientCheckRecord, Store) {
    try threads.apply(in: context)
    let store = try store.open(in: context)
    let run = try store.run(id: store.runID(run ?? "latest"))
    let record = try Recheck(store: store, run: run).check(at: at ?? .end, with: method.given)
    return (run.id, record, store)
  }

  private func checkVectors(in context: CommandContext) throws -> (
    Int64, GradientCheckRecord, Store
  ) {
    let check = try vectors.foreignCheck(method, in: context)
    let store = try store.store(.create, in: context)
    let environment = RunEnvironment.current(
      program: TrackerCommand.program, directory: context.workingDirectory)
    let (run, record) = try check.record(
      in: store, experiment: vectors.experiment ?? "default", name: vectors.name,
      environment: environment, patch: vectors.patch.patch(of: environment, in: context))
    return (run, record, store)
  }
}

extension CheckPoint: ExpressibleByArgument {}
