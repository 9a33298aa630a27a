import ArgumentParser
import TrackerOptimization
import TrackerStore
import TrackerSystem
import TrackerViews

struct SyncCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Make two stores hold the same, or gather the runs of many stores in one.",
    discussion: """
      One store is merged both ways: runs that the other side lacks are copied, and of runs that both have the newer \
      value of each field counts; what was replaced is kept in the view replaced_values. Sync as often as you like. \
      A run that was deleted on one side is not brought back there.

      Several stores, or a folder of them, are gathered: their runs come here, and the stores stay as they are.

      EXAMPLES
        tracker sync /media/disk/tracker.sqlite
        tracker sync --pull ~/colleague/tracker.sqlite
        tracker sync results/
        tracker sync task-1.sqlite task-2.sqlite task-3.sqlite
        tracker query "SELECT * FROM replaced_values"
      """)

  @Argument(help: "Stores, or folders with stores in them.", completion: .file())
  var others: [String]
  @Flag(help: "Bring runs here alone.")
  var pull = false
  @Flag(help: "Bring runs there alone.")
  var push = false
  @Flag(help: "Make the other store if there is none.")
  var create = false
  @OptionGroup var store: WritingOptions

  func validate() throws {
    if others.isEmpty { throw ValidationError("name a store to merge with") }
    if pull, push { throw ValidationError("give one of --pull and --push") }
    if create, pull { throw ValidationError("--create goes without --pull") }
    if others.count > 1, push || create {
      throw ValidationError("--push and --create go with one store")
    }
  }

  func run(in context: CommandContext) throws {
    let paths = others.map { absolutePath($0, in: context.workingDirectory) }
    for (path, name) in zip(paths, others) where !exists(path) && !create {
      throw CommandError(
        status: .noInput, message: "there is no file or folder \(name)",
        advice: others.count == 1 ? "Make an empty store there with --create." : nil)
    }
    let isFolder = paths.map(TrackerSystem.isFolder)
    guard paths.count == 1, !isFolder[0] else {
      guard !push, !create else {
        throw CommandError(
          status: .usage, message: "--push and --create go with one store, and this is a folder",
          advice: nil)
      }
      return try gather(zip(paths, isFolder).map { $0 }, in: context)
    }
    let here = try store.create(in: context)
    let terminal = context.terminal
    func tell(_ direction: String, _ report: ImportReport) {
      terminal.diagnostics.writeLine("\(direction) \(others[0]): \(words(report))")
    }
    let program = TrackerCommand.program
    if pull { return tell("from", try here.pull(from: paths[0], program: program)) }
    let there = try Store(
      path: paths[0], access: create ? .create : .existing, durability: store.durability,
      program: program)
    if push { return tell("to", try there.pull(from: here.path, program: program)) }
    let reports = try here.sync(with: there, program: program)
    tell("from", reports.here)
    tell("to", reports.there)
  }

  /// Brings the runs of many stores here.
  private func gather(_ places: [(String, isFolder: Bool)], in context: CommandContext) throws {
    let here = try store.create(in: context)
    let stores = try places.flatMap { path, isFolder in
      isFolder ? try here.stores(in: path) : [path]
    }
    guard !stores.isEmpty else {
      throw CommandError(
        status: .noInput, message: "there are no stores in \(others.joined(separator: ", "))",
        advice: nil)
    }
    let terminal = context.terminal
    var total = ImportReport()
    var failed = 0
    here.pull(
      from: stores, program: TrackerCommand.program, threads: MathThreads.processorCount
    ) { index, result in
      switch result {
      case .success(let report):
        total.imported += report.imported
        total.known += report.known
        total.additions += report.additions
        total.removed += report.removed
        total.replacedCount += report.replacedCount
      case .failure(let error):
        failed += 1
        terminal.diagnostics.writeLine(
          ErrorPresenter.present(error, width: terminal.width).text)
      }
      guard terminal.allowsProgressBar, index % 20 == 0 else { return }
      terminal.diagnostics.control("\r\u{1B}[2K")
      terminal.diagnostics.write("\(grouped(index + 1)) of \(counted(stores.count, "store"))")
    }
    if terminal.allowsProgressBar { terminal.diagnostics.control("\r\u{1B}[2K") }
    terminal.diagnostics.writeLine(
      "from \(counted(stores.count - failed, "store")): \(words(total))")
    guard failed == 0 else {
      throw CommandError(
        status: .data, message: "\(counted(failed, "store")) could not be read",
        advice: "The runs of all others are here. Sync again when they are mended.")
    }
  }

  private func words(_ report: ImportReport) -> String {
    var parts = [
      "\(counted(report.imported.count, "new run"))",
      "\(grouped(report.known.count)) known, \(grouped(report.additions.count)) of them with news",
    ]
    if report.replacedCount > 0 {
      parts.append("\(counted(report.replacedCount, "value")) replaced by newer ones")
    }
    if !report.removed.isEmpty {
      parts.append("\(counted(report.removed.count, "run")) not brought back, being deleted there")
    }
    return parts.joined(separator: "; ")
  }
}
