import ArgumentParser
import TrackerExchange
import TrackerMLflow
import TrackerStore
import TrackerSystem
import TrackerValues
import TrackerViews

struct ExportCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write runs with all that belongs to them, or for another program.",
    discussion: """
      import reads both back, bit for bit. jsonl goes to the standard output, or to a file; csv makes a \
      folder with a file for each table and each artifact. For a few numbers to look at, query, list and \
      show --metric have --format csv.

      --to makes a folder that another program reads, and says what that has no place for: tensorboard (event files), \
      mlruns (MLflow's folder, to the bit), csv (runs.csv, metrics.csv: plain tables). To a server: push.

      EXAMPLES
        tracker export > runs.jsonl
        tracker export 12 13 | ssh elsewhere tracker import -
        tracker export --where 'experiment = sweep-1' --format csv -o sweep-1
        tracker export --to tensorboard -o logs && tensorboard --logdir logs
        tracker export latest --to mlruns -o mlruns
      """)

  enum Form: String, ExpressibleByArgument, CaseIterable {
    case jsonl
    case csv
  }

  /// Programs that runs are written for.
  enum Reader: String, ExpressibleByArgument, CaseIterable {
    case tensorboard
    case mlruns
    case csv
  }

  @OptionGroup var selection: RunSelection
  @Option(help: "jsonl or csv.")
  var format: Form?
  @Option(
    name: .customLong("to"),
    help: ArgumentHelp(
      "Write for another program: tensorboard, mlruns or csv.", valueName: "reader"))
  var reader: Reader?
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: "The file, or for csv the folder, to write.", completion: .file())
  var target: String?
  @Flag(help: "Replace a file of that name.")
  var force = false
  @OptionGroup var store: StoreOptions

  func validate() throws {
    if let form = reader?.rawValue ?? (format == .csv ? "csv" : nil), target == nil {
      throw ValidationError("\(form) makes a folder: name it with -o")
    }
    if reader != nil, format != nil {
      throw ValidationError(
        "--format is for exports that import reads; --to is for another program")
    }
  }

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let ids = try selection.ids(in: store)
    let report: ExchangeReport
    if let target {
      let path = absolutePath(target, in: context.workingDirectory)
      let makesFolder = format == .csv || reader != nil
      if !makesFolder {
        try FileSystem.requireReplaceable(path, named: target, isForced: force)
      } else if exists(path) {
        throw CommandError(
          status: .cannotCreate, message: "there is \(target) already",
          advice: "Choose another folder.")
      }
      if let reader { return try export(store, ids, for: reader, into: path, in: context) }
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

  /// Writes a folder for another program.
  private func export(
    _ store: Store, _ ids: [Int64]?, for reader: Reader, into path: String,
    in context: CommandContext
  ) throws {
    let ids = try ids ?? store.runStatuses(RunQuery(includesArchived: true)).map(\.id).sorted()
    let stream = context.terminal.diagnostics
    var omissions = Omissions()
    var (pointCount, fileCount) = (0, 0)
    do {
      switch reader {
      case .tensorboard:
        var export = try TensorBoardExport(store: store, folder: path)
        for id in ids { try export.write(run: id) }
        (pointCount, omissions) = (export.pointCount, export.omissions)
      case .mlruns:
        var export = try MLflowFolderExport(
          store: store, folder: path, options: PushOptions(document: PushCommand.document))
        for id in ids { try export.write(run: id) }
        (pointCount, fileCount) = (export.report.pointCount, export.report.fileCount)
        omissions = export.report.omissions
      case .csv:
        var tables = RunTables()
        try tables.write(runs: ids, of: store, into: path)
        pointCount = tables.pointCount
      }
    } catch let error as SystemError {
      throw CommandError.cannotCreate(path, errorNumber: error.number)
    }
    stream.writeLine(
      "exported \(counted(ids.count, "run")), \(counted(pointCount, "point"))"
        + (fileCount > 0 ? ", \(counted(fileCount, "file"))" : ""))
    stream.say(omissions)
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

extension TextStream {
  /// Says what could not be taken over or sent, and why.
  func say(_ omissions: Omissions) {
    for (reason, count) in omissions.counts {
      writeLine("left out: \(count > 1 ? "\(grouped(count)) × " : "")\(reason)")
    }
  }
}
