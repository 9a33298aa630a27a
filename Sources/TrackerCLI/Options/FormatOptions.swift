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
    write(text(of: view, in: context), to: context.terminal.output)
  }

  /// Prints what a view was rendered to. CSV that a file or a program takes is what the store holds, to the byte.
  func write(_ text: String, to stream: TextStream) {
    if format == .csv, !stream.isInteractive {
      stream.write(bytes: Array(text.utf8)[...])
    } else {
      stream.write(styled: text)
    }
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
