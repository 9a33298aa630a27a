@preconcurrency import TrackerSystem

/// Where a command writes and what it may assume of the reader: data goes to ``output``, everything
/// else to ``diagnostics``.
///
/// Tests put recording streams in its place and run commands in-process.
package struct Terminal: Sendable {
  /// Where data goes: stdout.
  package var output: TextStream
  /// Where progress, notes and errors go: stderr.
  package var diagnostics: TextStream
  /// The columns of a line.
  package var width: Int
  /// The environment variables.
  package var environment: [String: String]
  /// The size at present, where somebody may change it; `nil`: it is ``width`` for good.
  package var measure: (@Sendable () -> (columns: Int, lines: Int)?)?
  /// A line that the person at the keyboard types; `nil` where there is nobody to ask.
  package var answer: (@Sendable () -> String?)?
  /// Shows a text in the pager that is named, until the reader has left it, and says whether there is such a program;
  /// `nil` where nobody could turn pages.
  package var pager: (@Sendable (_ text: String, _ command: String) -> Bool)?

  /// A terminal made of these streams.
  package init(
    output: TextStream, diagnostics: TextStream, width: Int, environment: [String: String],
    measure: (@Sendable () -> (columns: Int, lines: Int)?)? = nil,
    answer: (@Sendable () -> String?)? = nil,
    pager: (@Sendable (_ text: String, _ command: String) -> Bool)? = nil
  ) {
    self.measure = measure
    self.answer = answer
    self.pager = pager
    self.output = output
    self.diagnostics = diagnostics
    self.width = width
    self.environment = environment
  }

  /// Whether data may be coloured: on a terminal, unless `NO_COLOR` says otherwise.
  package var allowsColor: Bool {
    output.isInteractive && environment["NO_COLOR"].map(\.isEmpty) ?? true
      && environment["TERM"] != "dumb"
  }

  /// Whether a line may be drawn over again, as a progress bar is.
  package var allowsProgressBar: Bool {
    diagnostics.isInteractive && environment["NO_COLOR"].map(\.isEmpty) ?? true
      && environment["TERM"] != "dumb"
  }

  /// Shows `text` in a pager, if it is longer than the screen and somebody reads it there.
  ///
  /// - Returns: whether it was shown; if not, it is to be printed
  func page(_ text: String) -> Bool {
    guard let pager, output.isInteractive, environment["TERM"] != "dumb",
      text.utf8.count(where: { $0 == UInt8(ascii: "\n") }) >= size().lines,
      let command = Pager.command(environment)
    else { return false }
    return pager(text, command)
  }

  /// The process's own terminal.
  package static func system() -> Terminal {
    // A reader that has gone away (`| head`) ends the output, not the training.
    signal(SIGPIPE, SIG_IGN)
    // A limit on the size of files is an error to be told, not the end of the program.
    signal(SIGXFSZ, SIG_IGN)
    let environment = environmentVariables()
    let answer: (@Sendable () -> String?)? =
      isatty(STDIN_FILENO) == 1 ? { @Sendable in readLine() } : nil
    return Terminal(
      output: .descriptor(STDOUT_FILENO), diagnostics: .descriptor(STDERR_FILENO),
      width: columns(environment), environment: environment,
      measure: { measured() }, answer: answer, pager: Pager.show)
  }

  /// Columns and lines at present; 24 lines where nobody knows.
  package func size() -> (columns: Int, lines: Int) { measure?() ?? (width, 24) }

  private static func environmentVariables() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
      entry += 1
    }
    return variables
  }

  private static func columns(_ environment: [String: String]) -> Int {
    if let columns = environment["COLUMNS"].flatMap(Int.init), columns > 0 { return columns }
    return measured()?.columns ?? 80
  }

  private static func measured() -> (columns: Int, lines: Int)? {
    var size = winsize()
    for descriptor in [STDOUT_FILENO, STDERR_FILENO]
    where ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 && size.ws_row > 0 {
      return (Int(size.ws_col), Int(size.ws_row))
    }
    return nil
  }
}
