import TrackerSystem
import TrackerViews

/// The terminal as a whole screen: keys come one by one, lines are drawn where they belong, and at the end all is as it
/// was.
final class Screen {
  private let terminal: Terminal
  private let settings: termios
  private var isTaken = false
  private var drawn: [String] = []

  /// Remembers the terminal's settings; takes the screen.
  ///
  /// - Throws: ``CommandError`` if standard input is not a terminal
  init(_ terminal: Terminal) throws {
    self.terminal = terminal
    var settings = termios()
    guard tcgetattr(STDIN_FILENO, &settings) == 0 else {
      throw CommandError.cannotRead("the terminal", errorNumber: errno)
    }
    self.settings = settings
    take()
  }

  deinit { giveBack() }

  /// Takes the alternate screen.
  func take() {
    guard !isTaken else { return }
    isTaken = true
    terminal.output.control("\u{1B}[?1049h")
    prepare()
  }

  /// Makes keys come one by one, and the screen empty, without a cursor and without lines that wrap; also where others
  /// have changed that meanwhile.
  func prepare() {
    var settings = settings
    // Signals are still made of Ctrl-C and Ctrl-Z, for the whole group of processes.
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
    settings.c_iflag &= ~tcflag_t(IXON | ICRNL)
    tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
    terminal.output.control("\u{1B}[?25l\u{1B}[?7l")
    invalidate()
  }

  /// Leaves the terminal as it was.
  func giveBack() {
    guard isTaken else { return }
    isTaken = false
    terminal.output.control("\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
    var settings = settings
    tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
  }

  /// Forgets what was drawn: the next time all of it is.
  func invalidate() {
    terminal.output.control("\u{1B}[0m\u{1B}[2J")
    drawn = []
  }

  /// Draws the lines that are not there already, in one piece.
  func draw(_ lines: [String]) {
    var text = ""
    for (row, line) in lines.enumerated() where row >= drawn.count || drawn[row] != line {
      // Erased first: in the last column some terminals would take the last character away.
      text += "\u{1B}[\(row + 1);1H\u{1B}[2K\(line.printableStyled)"
    }
    drawn = lines
    guard !text.isEmpty else { return }
    // Terminals that know of it show the frame whole; the others overlook it.
    terminal.output.control("\u{1B}[?2026h" + text + "\u{1B}[?2026l")
  }

  /// Stops the process as Ctrl-Z does, with the terminal as it was; comes back when it goes on.
  func suspend() {
    giveBack()
    signal(SIGTSTP, SIG_DFL)
    raise(SIGTSTP)
    SignalPipe.listen(to: SIGTSTP)
    take()
  }
}
