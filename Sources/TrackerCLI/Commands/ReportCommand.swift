import ArgumentParser
import TrackerOptimization
import TrackerReport
import TrackerViews
import TrackerStore
import TrackerSystem

struct ReportCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a report: one HTML file that needs nothing else, or Markdown.",
    discussion: """
      EXAMPLES
        tracker report --html
        tracker report 12 13 --html -o two-runs.html
        tracker report --html --where 'experiment = sweep-1' --open
        tracker report 12 13 --markdown >> pull-request.md
        tracker report --html --reports mine    each .sql file in it is a section
        tracker report --html --anonymous       for review: tells nobody's name
      """)

  @OptionGroup var selection: RunSelection
  @Flag(help: "Write HTML, which is the default.")
  var html = false
  @Flag(help: "Write Markdown, to the standard output unless a file is named.")
  var markdown = false
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: "The file to write. (default: tracker-report.html)", completion: .file())
  var file: String?
  @Flag(help: "Replace a file of that name that tracker did not make.")
  var force = false
  @Flag(help: "Open the file in the browser.")
  var open = false
  @Option(
    help: ArgumentHelp(
      "Sections, templates and style of your own, added to the report, or instead of its parts.",
      valueName: "folder"), completion: .directory)
  var reports: String?
  @Option(
    help: "Rank the runs by this metric. (default: what tells most, validation first)",
    completion: Completion.metric)
  var metric: String?
  @OptionGroup var direction: DirectionOptions
  @Option(help: "Report on the runs of this experiment alone.", completion: Completion.experiment)
  var experiment: String?
  @Flag(
    help: """
      Leave out users, hosts, processes and commits, and put … for them, for absolute paths and for addresses in \
      names, notes, tags, parameters, errors and commands. Other names in free text cannot be known: look at it.
      """)
  var anonymous = false
  @OptionGroup var store: StoreOptions

  func validate() throws {
    if html, markdown { throw ValidationError("give one of --html and --markdown") }
    if reports != nil, markdown {
      throw ValidationError("--reports goes with --html: Markdown has no such parts")
    }
    if open, markdown, file == nil {
      throw ValidationError("--open needs a file: name it with -o")
    }
    if metric == nil, direction.isGiven {
      throw ValidationError("--maximize and --minimize go with --metric")
    }
    if experiment != nil, !selection.runs.isEmpty || selection.condition != nil {
      throw ValidationError("name runs, or give --where, or --experiment")
    }
  }

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let runs =
      try selection.read(from: store) ?? store.runs(RunQuery(experiment: experiment))
    let embedded = try ReportParts.embedded()
    let parts = try reports.map { folder in
      try embedded.replacing(
        ReportFolder.files(in: absolutePath(folder, in: context.workingDirectory)))
    }
    var gathering = ReportGathering(
      runs, ranking: try ranking(of: runs), parts: parts ?? embedded, from: store)
    let threads = MathThreads.processorCount
    var view = try gathering.view(
      title: experiment ?? "Runs", madeAt: context.now(),
      command: RunEnvironment.current().command, threads: threads)
    if anonymous { view = view.anonymous }
    if markdown, file == nil { return context.terminal.output.write(view.markdown) }
    let file = file ?? "tracker-report.html"
    let path = absolutePath(file, in: context.workingDirectory)
    try FileSystem.requireReplaceable(
      path, named: file, isForced: force, mark: markdown ? Self.mark : Self.generator)
    try FileSystem.replace(
      path,
      with: markdown
        ? "\(Self.mark)\n\n\(view.markdown)" : view.html(parts, threads: threads))
    context.terminal.output.writeLine("wrote \(file) (\(counted(runs.count, "run")))")
    if open, !FileSystem.show(path) {
      context.terminal.diagnostics.writeLine("warning: no program was found to open it with")
    }
  }

  /// By these a file is known for a report that tracker made: the first stands in `Reports/report.html`.
  private static let generator = #"<meta name="generator" content="tracker">"#
  private static let mark = "<!-- A report of tracker. -->"

  /// The metric that the runs are to be ranked by; `nil` where none was given.
  private func ranking(of runs: [Run]) throws -> RankingMetric? {
    guard let metric else { return nil }
    guard runs.isEmpty || runs.contains(where: { $0.metrics[metric] != nil }) else {
      throw ValidationError("none of these runs has the metric \(metric)")
    }
    guard let ranking = RankingMetric(given: metric, direction: direction.given) else {
      throw ValidationError(
        "it is not known whether more of \(metric) is better: give --maximize or --minimize")
    }
    return ranking
  }
}
