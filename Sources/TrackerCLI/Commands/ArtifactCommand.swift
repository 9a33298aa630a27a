import ArgumentParser
import TrackerViews
import TrackerStore
import TrackerSystem

struct ArtifactCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "artifact",
    abstract: "Keep files with a run, and get them back.",
    discussion: """
      The store keeps each content once, by its SHA-256. A content has at most 100 GB.

      EXAMPLES
        tracker artifact add 12 model.bin
        tracker artifact list 12
        tracker artifact get 12 model.bin -o copy.bin
      """,
    subcommands: [AddArtifact.self, ListArtifacts.self, GetArtifact.self])
}

struct AddArtifact: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Keep files with a run.",
    discussion: """
      EXAMPLES
        tracker artifact add latest model.bin plot.png
        tracker artifact add 12 out/model.bin --name model
      """)

  @Argument(help: "An id, latest, a unique name, or best:METRIC.", completion: Completion.run)
  var run: String
  @Argument(help: "The files.", completion: .file())
  var files: [String]
  @Option(help: "The name to keep the one file under; by default its path as it was typed.")
  var name: String?
  @Option(help: "What it is, for people.")
  var kind = "file"
  @OptionGroup var store: WritingOptions

  func validate() throws {
    if name != nil, files.count != 1 { throw ValidationError("--name goes with one file") }
  }

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let id = try store.runID(run)
    for file in files {
      let path = absolutePath(file, in: context.workingDirectory)
      let digest = try store.putArtifact(run: id, name: name ?? file, kind: kind) {
        try FileSystem.source(path)
      }
      context.terminal.diagnostics.writeLine("kept \(name ?? file) with run \(id), \(digest)")
    }
  }
}

struct ListArtifacts: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List what a run keeps.",
    discussion: """
      EXAMPLES
        tracker artifact list latest
        tracker artifact list 12 --format json
      """)

  @Argument(help: "An id, latest, a unique name, or best:METRIC.", completion: Completion.run)
  var run: String
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: ReadingOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let id = try store.runID(run)
    output.show(ArtifactListView(run: id, artifacts: try store.artifacts(run: id)), in: context)
  }
}

struct GetArtifact: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Write a file that a run keeps.",
    discussion: """
      By default the file gets the last part of its name, in this folder; a name never leads elsewhere.

      EXAMPLES
        tracker artifact get 12 model.bin
        tracker artifact get 12 parameters/final -o theta.bin
        tracker artifact get 12 notes.txt -o -
      """)

  @Argument(help: "An id, latest, a unique name, or best:METRIC.", completion: Completion.run)
  var run: String
  @Argument(help: "The artifact's name.")
  var name: String
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: "The file to write; - is the standard output.", completion: .file())
  var target: String?
  @Flag(help: "Replace a file of that name.")
  var force = false
  @OptionGroup var store: StoreOptions

  func run(in context: CommandContext) throws {
    let store = try store.open(in: context)
    let id = try store.runID(run)
    if target == "-" { return try write(store, id, to: context.terminal.output) }
    let last = name.split(separator: "/").last.map(String.init) ?? ""
    guard let file = target ?? (["", ".", ".."].contains(last) ? nil : last) else {
      throw CommandError(
        status: .usage, message: "\"\(name)\" is not a file name",
        advice: "Name the file to write with -o.")
    }
    let path = absolutePath(file, in: context.workingDirectory)
    try FileSystem.requireReplaceable(path, named: file, isForced: force)
    try FileSystem.replace(path) { try write(store, id, to: $0) }
    context.terminal.diagnostics.writeLine("wrote \(file)")
  }

  private func write(_ store: Store, _ id: Int64, to stream: TextStream) throws {
    try store.readArtifact(run: id, name: name) { bytes in
      stream.write(bytes: bytes)
      try stream.requireReader(of: "the artifact")
    }
  }
}
