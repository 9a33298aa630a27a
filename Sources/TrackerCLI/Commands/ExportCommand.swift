import ArgumentParser
import TrackerViews
import TrackerStore
import TrackerSystem

struct ExportCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write runs with all that belongs to them as JSON lines or CSV.",
    discussion: """
      import reads both back, bit for bit. jsonl goes to the standard output, or to a file; csv makes a \
      folder with a file for each table and each artifact. For a few numbers to look at, query, list and \
      show --metric have --format csv.

      EXAMPLES
        tracker export > runs.jsonl
        tracker export 12 13 | ssh elsewhere tracker import -
        tracker export --where 'experiment = sweep-1' --format csv -o sweep-1
      """)

  enum Form: String, ExpressibleByArgument, CaseIterable {
    case jsonl
    case csv
  }

  @OptionGroup var selection: RunSelection
  @Option(help: "jsonl or csv.")
  var format = Form.jsonl
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: "The file, or for csv the folder, to write.", completion: .file())
  var target: String?
  @Flag(help: "Replace a file of that name.")
  var force = false
  @OptionGroup var store: StoreOptions

  func validate() throws {
    if format == .csv, target == nil {
      throw ValidationError("csv makes a folder: name it with -o")
    }
  }

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let ids = try selection.ids(in: store)
    let report: ExchangeReport
    if let target {
      let path = absolutePath(target, in: context.workingDirectory)
      guard force && format == .jsonl || !exists(path) else {
        throw CommandError(
          status: .cannotCreate, message: "there is \(target) already",
          advice: format == .csv
            ? "Choose another folder." : "Choose another name, or replace it with --force.")
      }
      if format == .jsonl {
        try FileSystem.requireReplaceable(path, named: target, isForced: force)
      }
      report =
        try format == .csv
        ? store.exportCSV(runs: ids, program: TrackerCommand.program, into: path)
        : FileSystem.replace(path) { stream in try export(store, ids, to: stream) }
    } else {
      report = try export(store, ids, to: context.terminal.output)
    }
    context.terminal.diagnostics.writeLine(
      "exported \(counted(report.runCount, "run")), \(counted(report.rowCount, "row"))")
  }

  private func export(_ store: Store, _ ids: [Int64]?, to stream: TextStream) throws
    -> ExchangeReport
  {
    try store.exportJSONLines(runs: ids, program: TrackerCommand.program) { bytes in
      if stream.isInteractive {
        stream.write(String(decoding: bytes, as: UTF8.self))
      } else {
        stream.write(bytes: bytes)
      }
      try stream.requireReader(of: "the export")
    }
  }
}
