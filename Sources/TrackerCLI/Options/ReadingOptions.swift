import ArgumentParser
import TrackerViews

/// How a command that reads shows what it found: people get long tables in a pager.
struct ReadingOptions: PrintingOptions {
  @Option(help: formatHelp) var format = Format.table
  @Flag(help: utcHelp) var utc = false
  @Flag(help: "Print a table that is longer than the screen at once, not in a pager.")
  var noPager = false

  /// Shows `view` on stdout; a table or Markdown that is longer than the screen in the pager.
  func show(_ view: some Presentable, in context: CommandContext) {
    let terminal = context.terminal
    let text = text(of: view, in: context)
    guard !noPager, isForPeople, terminal.page(text.printableStyled) else {
      return write(text, to: terminal.output)
    }
  }
}
