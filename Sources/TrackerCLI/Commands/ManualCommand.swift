import ArgumentParser
import TrackerViews
import TrackerSystem

struct ManualCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "man",
    abstract: "Write the manual: a man page for each command.",
    discussion: """
      Without a folder the page of the named command is printed.

      EXAMPLES
        tracker man --output ~/.local/share/man/man1 && man tracker-list
        tracker man list | man -l -
      """)

  @Argument(help: "The command whose page is printed, such as list or artifact add.")
  var command: [String] = []
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Write the pages of all commands to this folder.", valueName: "folder"),
    completion: .directory)
  var folder: String?

  func validate() throws {
    if folder != nil, !command.isEmpty {
      throw ValidationError("name a command, or a folder for all pages, not both")
    }
  }

  func run(in context: CommandContext) throws {
    let program = try CommandDescription.program()
    func page(_ command: CommandDescription) -> ManualPage {
      ManualPage(
        command: command, source: TrackerCommand.program,
        day: String(context.now().iso8601.prefix(10)))
    }
    guard let folder else {
      let name = ([program.commandName] + command).joined(separator: " ")
      guard let described = program.all.first(where: { $0.fullName == name }) else {
        throw CommandError(
          status: .usage, message: "there is no command \"\(command.joined(separator: " "))\"",
          advice: "See them with: tracker --help")
      }
      return context.terminal.output.write(page(described).text)
    }
    let path = absolutePath(folder, in: context.workingDirectory)
    try FileSystem.makeFolder(path)
    for command in program.all {
      let page = page(command).text
      let file = "\(path)/\(command.pageName).1"
      try FileSystem.requireReplaceable(
        file, named: "\(folder)/\(command.pageName).1", isForced: nil, mark: ".TH TRACKER")
      try FileSystem.replace(file, with: page)
    }
    context.terminal.output.writeLine(
      "wrote \(counted(program.all.count, "page")) to \(folder)")
  }
}
