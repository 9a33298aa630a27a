import ArgumentParser
import TrackerReporting

/// In which form a command prints what it found.
struct FormatOptions: ParsableArguments {
  @Option(help: "table for people; json and csv, stable and in full precision; markdown.")
  var format = Format.table
  @Flag(help: "Show times exactly, in UTC.")
  var utc = false

  /// Prints `view` to stdout.
  func show(_ view: some Presentable, in context: CommandContext) {
    let terminal = context.terminal
    let style = TextStyle(
      width: terminal.output.isInteractive || terminal.environment["COLUMNS"] != nil
        ? terminal.width : nil,
      colour: terminal.allowsColor, times: utc ? .utc : .spoken, now: context.now())
    terminal.output.write(view.rendered(as: format, style: style))
  }
}

extension Format: ExpressibleByArgument {}
