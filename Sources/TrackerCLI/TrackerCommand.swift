package import ArgumentParser

/// The program: a command for each thing that a user can do.
package struct TrackerCommand: ParsableCommand {
  /// The program's version, as `tracker --version` and every run's record say it.
  package static let version = "0.1.0"

  /// How the program names itself in every record.
  static let program = "tracker \(version)"

  package static let configuration = CommandConfiguration(
    commandName: "tracker",
    abstract: "Records neural-network training runs in one SQLite file, and explains them.",
    discussion: """
      The store is --db PATH, else $TRACKER_DB, else the nearest tracker.sqlite in this folder or \
      one above, else ./tracker.sqlite, which the first run makes.

      On a terminal, tables and Markdown that are longer than the screen are shown in $TRACKER_PAGER, else \
      $PAGER, else less -FRX; empty or cat means none.

      EXAMPLES
        tracker run --lambda 0.5    train on digits, check each derivative, record
        tracker compare 12 13       what differs, and which run is better
        tracker report --html       all of it in one file to send to somebody
        tracker run --preset saturated-digits && tracker diagnose latest

      EXIT STATUS
        0 done · 1 the answer is no · 64 bad usage · 65 bad data
        66 no such input or run · 69 store busy or unavailable
        70 internal error · 73 cannot create · 74 input/output error
        130 interrupted
      """,
    version: version,
    groupedSubcommands: [
      CommandGroup(
        name: "Train and record:",
        subcommands: [RunCommand.self, SweepCommand.self, ResumeCommand.self, PredictCommand.self]),
      CommandGroup(
        name: "Record other programs:",
        subcommands: [
          RecordCommand.self, StartCommand.self, LogCommand.self, ParameterCommand.self,
          FinishCommand.self,
          ArtifactCommand.self, SessionCommand.self,
        ]),
      CommandGroup(
        name: "Look and compare:",
        subcommands: [
          ListCommand.self, ExperimentsCommand.self, ShowCommand.self, WatchCommand.self,
          CompareCommand.self,
          CheckCommand.self,
          DiagnoseCommand.self, ReportCommand.self, QueryCommand.self, MCPCommand.self,
        ]),
      CommandGroup(
        name: "Keep house:",
        subcommands: [
          TagCommand.self, NoteCommand.self, RenameCommand.self, MoveCommand.self,
          ArchiveCommand.self, RestoreCommand.self, DeleteCommand.self, GarbageCommand.self,
          ExportCommand.self, ImportCommand.self, SyncCommand.self, PushCommand.self,
          ServeCommand.self, BackupCommand.self,
          DoctorCommand.self,
          MigrateCommand.self,
          ManualCommand.self,
        ]),
    ])

  package init() {}
}

/// A command of ours: it is given its surroundings instead of reaching for them.
protocol TrackerSubcommand: ParsableCommand {
  /// Does the command's work.
  ///
  /// - Throws: ``ExitStatus`` when the work is done and only the status is left to say; any other
  ///   error is shown by ``ErrorPresenter``.
  func run(in context: CommandContext) throws
}

extension TrackerCommand {
  /// Runs the command that `arguments` name (without the program's own name) and returns its exit
  /// status: one of ``ExitStatus``, or that of a program that was recorded.
  package static func main(arguments: [String], context: CommandContext) -> Int32 {
    let terminal = context.terminal
    if let script = Completion.script(for: arguments) {
      terminal.output.write(script)
      return ExitStatus.done.rawValue
    }
    do {
      if let mistake = unknownCommand(in: arguments) { throw mistake }
      let command = try Completion.$context.withValue(context) { try parseAsRoot(arguments) }
      guard let command = command as? any TrackerSubcommand else {
        // The bare program and `help` are the parser's own.
        var command = command
        try command.run()
        return ExitStatus.done.rawValue
      }
      try command.run(in: context)
      if terminal.output.failure != 0 {
        throw CommandError.cannotWrite("the output", errorNumber: terminal.output.failure)
      }
      return ExitStatus.done.rawValue
    } catch let status as ExitStatus {
      return status.rawValue
    } catch let status as ForeignStatus {
      return status.code
    } catch {
      let presented = ErrorPresenter.present(error, width: terminal.width)
      let stream = presented.status == .done ? terminal.output : terminal.diagnostics
      stream.writeLine(presented.text)
      return presented.status.rawValue
    }
  }
}
