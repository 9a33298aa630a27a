import ArgumentParser
import TrackerViews

/// In which form a command prints what it found.
///
/// Options that more than one group has are declared in each of them: swift-argument-parser makes a group within a group
/// anew each time that it looks at the outer one, which in a debug build it does some hundred times.
protocol PrintingOptions: ParsableArguments {
  /// In which form.
  var format: Format { get }
  /// Whether times are exact, in UTC.
  var utc: Bool { get }
}

/// The options of a command that prints, and is not looked at page by page.
struct FormatOptions: PrintingOptions {
  @Option(help: formatHelp) var format = Format.table
  @Flag(help: utcHelp) var utc = false
}

extension PrintingOptions {
  static var formatHelp: ArgumentHelp {
    "table for people; json and csv, stable and in full precision; markdown."
  }
  static var utcHelp: ArgumentHelp { "Show times exactly, in UTC." }

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
