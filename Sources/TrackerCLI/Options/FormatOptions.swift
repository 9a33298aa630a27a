import ArgumentParser
import TrackerViews

/// In which form a command prints what it found.
struct FormatOptions: ParsableArguments {
  @Option(help: "table for people; json and csv, stable and in full precision; markdown.")
  var format = Format.table
  @Flag(help: "Show times exactly, in UTC.")
  var utc = false

  /// Whether a person is meant to read it.
  var isForPeople: Bool { format == .table || format == .markdown }

  /// Prints `view` to stdout.
  func show(_ view: some Presentable, in context: CommandContext) {
    context.terminal.output.write(text(of: view, in: context))
  }

  /// What is printed of `view`.
  func text(of view: some Presentable, in context: CommandContext) -> String {
    let terminal = context.terminal
    let style = TextStyle(
      width: terminal.output.isInteractive || terminal.environment["COLUMNS"] != nil
        ? terminal.width : nil,
      colour: terminal.allowsColor, times: utc ? .utc : .spoken, now: context.now())
    return view.rendered(as: format, style: style)
  }
}

extension Format: ExpressibleByArgument {}
