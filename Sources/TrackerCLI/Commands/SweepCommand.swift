import ArgumentParser
import TrackerEngine
import TrackerExperiments
import TrackerViews
import TrackerSearch
import TrackerStore
import TrackerSystem

struct SweepCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run many trainings: every combination of options, or a search among them.",
    usage: "tracker sweep [<options of run, with several values>] [<options>]",
    discussion: """
      Takes every option of run, each with one value or several:

        --lambda 0,0.1,0.5,1          these values
        --seed 1...5                  a range; 0...1:0.25 by steps
        --hidden 50,100,300x100       networks; x joins the layers of one
        --lambda uniform:0...1        any number from there (random, tpe)
        --learning-rate log:1e-4...1  with a uniform logarithm
        --batch-size int:8...256      a whole number; log-int:8...256

      Each trial is a run like any other, of the experiment sweep-N unless --experiment names one. Ctrl-C ends \
      the sweep as interrupted. After that, or after a crash, --resume continues it: runs that were cut off go \
      on from their last checkpoint, and no trial runs twice.

      EXAMPLES
        tracker sweep --lambda 0,0.1,1 --init-range 0.12,0:3 --seed 1...5
        tracker sweep --learning-rate log:1e-4...0.1 --sampler tpe --trials 50 \\
          --optimizer adam --jobs 2
        tracker sweep --lambda log:1e-3...10 --sampler random --trials 40 \\
          --pruner asha
        tracker sweep --resume 1
        tracker sweep --lambda 0,1 --seed 1...5 --print-commands | parallel -j 4
      """)

  @OptionGroup(title: "Search") var search: SearchOptions
  @Option(help: "How many trials run at once.")
  var jobs = 1
  @OptionGroup var threads: ThreadOptions
  @Option(help: ArgumentHelp("Go on with a sweep that has stopped.", valueName: "number"))
  var resume: Int64?
  @Flag(help: "Print the command of each trial, and run and record nothing.")
  var printCommands = false
  @OptionGroup var patch: PatchOptions
  @OptionGroup(title: "Output") var store: WritingOptions
  @OptionGroup var output: FormatOptions
  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false
  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp("Options of run; see: tracker run --help", visibility: .hidden))
  var words: [String] = []

  func validate() throws {
    guard (1...256).contains(jobs) else {
      throw ValidationError("--jobs is 1 to 256, not \(jobs)")
    }
    guard resume == nil || (words.isEmpty && !search.isGiven && !printCommands) else {
      throw ValidationError(
        "--resume goes with --jobs, --threads, --no-patch, --db, --format and --quiet alone: all else is as the sweep began"
      )
    }
  }

  func run(in context: CommandContext) throws {
    if let resume { return try goOn(with: resume, in: context) }
    let plan = try search.plan(options: SweepOption.options(words))
    let configurations = try validated(plan, in: context)
    let start = try search.start(
      plan, holdsOut: configurations.allSatisfy { $0.training.testFraction > 0 }, in: context)
    if printCommands { return try print(plan, count: start.trialCount, in: context) }
    let store = try store.create(in: context)
    let environment = Self.environment(in: context)
    let id = try store.startSweep(start, environment: environment)
    let note =
      search.objective == nil
      ? MetricNote.ranked(by: start.objective, start.direction, option: "--objective") : nil
    try work(on: id, plan, store, environment, note: note, in: context)
  }

  private func goOn(with id: Int64, in context: CommandContext) throws {
    let store = try store.open(in: context)
    let sweep = try store.sweep(id: id)
    let plan = try SweepPlan(sweep.start)
    guard sweep.status != .finished || sweep.trials.count < sweep.start.trialCount else {
      return output.show(try view(of: id, plan, store), in: context)
    }
    var context = context
    context.workingDirectory = sweep.start.directory
    let environment = Self.environment(in: context)
    try store.resumeSweep(id: id, environment: environment)
    try work(on: id, plan, store, environment, in: context)
  }

  private static func environment(in context: CommandContext) -> RunEnvironment {
    .current(program: TrackerCommand.program, directory: context.workingDirectory)
  }

  /// Runs what is not done, and shows what came of it all.
  private func work(
    on id: Int64, _ plan: SweepPlan, _ store: Store, _ environment: RunEnvironment,
    note: String? = nil, in context: CommandContext
  ) throws {
    try threads.apply(jobs: jobs, in: context)
    StopSignal.listen()
    let sweep = try store.sweep(id: id)
    let diagnostics = context.terminal.diagnostics
    if !quiet {
      let done = sweep.trials.count(where: \.isDone)
      diagnostics.writeLine(
        "sweep \(id) in \(store.path): \(counted(sweep.start.trialCount - done, "trial")) to run"
          + (done > 0 ? ", \(done) done" : ""))
    }
    let display =
      quiet
      ? nil
      : SweepDisplay(
        sweep: sweep, parameters: plan.parameters.map(\.shown), terminal: context.terminal)
    let options = try Self.options(plan)
    let configured = context
    let runner = SweepRunner(
      sweep: sweep, plan: plan, store: store, environment: environment,
      patch: patch.patch(of: environment, in: context),
      configure: { try options.configuration(in: configured, trial: $0) })
    defer { display?.clear() }
    let status = try runner.run(jobs: jobs, isStopped: { StopSignal.isRaised }) {
      display?.show($0)
    }
    display?.clear()
    output.show(try view(of: id, plan, store).noted(note), in: context)
    if status == .interrupted { throw ExitStatus.interrupted }
  }

  private func view(of id: Int64, _ plan: SweepPlan, _ store: Store) throws -> SweepView {
    let sweep = try store.sweep(id: id)
    return SweepView(
      sweep: sweep,
      runs: try store.runs(RunQuery(ids: sweep.trials.map(\.runID), includesArchived: true)),
      parameters: plan.parameters.map(\.shown),
      importances: plan.importance(of: sweep.trials).map {
        SweepView.Importance(parameter: $0.parameter.shown, share: $0.share)
      })
  }

  // MARK: Trials

  /// What all trials have in common, read once; with the first value of whatever varies, so that it is complete.
  private static func options(_ plan: SweepPlan) throws -> RunOptions {
    try RunOptions.parse(plan.arguments(plan.extremes.first ?? [:]))
  }

  /// Refuses a sweep with trials that `run` would refuse, before any is run.
  ///
  /// - Returns: what trials at the space's extremes are run with
  private func validated(
    _ plan: SweepPlan, in context: CommandContext
  ) throws -> [RunConfiguration] {
    var shared: RunOptions?
    return try plan.extremes.map { values in
      do {
        let options = try shared ?? Self.options(plan)
        shared = options
        return try options.configuration(in: context, trial: plan.parameterValues(values))
      } catch {
        let words = RunEnvironment.commandLine(plan.arguments(values))
        var reason = ErrorPresenter.present(error, width: context.terminal.width).text
        if reason.hasPrefix("error: ") { reason.removeFirst(7) }
        throw CommandError(
          status: .usage,
          message: "no trial can be run with \(words.isEmpty ? "no options" : words): "
            + (reason.split(separator: "\n").first.map(String.init) ?? ""),
          advice: "See the options with: tracker run --help")
      }
    }
  }

  private func print(_ plan: SweepPlan, count: Int, in context: CommandContext) throws {
    guard plan.sampler != .tpe, search.pruner == nil else {
      throw SweepError(
        "--print-commands cannot know what comes of trials, which tpe and pruners go by",
        advice: "Use --sampler grid or random, without --pruner")
    }
    let name = CommandLine.words.first ?? ""
    let program = name == "tracker" || name.hasSuffix("/tracker") ? name : "tracker"
    for number in 0..<count {
      let words =
        [program, "run"] + plan.arguments(plan.values(trial: number, after: []))
        + (patch.noPatch ? ["--no-patch"] : [])
        + (threads.threads.map { ["--threads", String($0)] } ?? [])
        + (store.store.database.map { ["--db", $0] } ?? [])
      context.terminal.output.writeLine(RunEnvironment.commandLine(words))
    }
  }
}

extension SweepPlan.Parameter {
  /// As views name it.
  fileprivate var shown: SweepView.Parameter { SweepView.Parameter(option: name, key: key) }
}
