package import TrackerStore
import TrackerSystem

/// What surrounds a command: the terminal, the folder it was started in, and the clock.
package struct CommandContext: Sendable {
  /// Where to write, and how.
  package var terminal: Terminal
  /// The folder that relative paths start from.
  package var workingDirectory: String
  /// The present moment.
  package var now: @Sendable () -> Timestamp

  /// The surroundings of a command.
  package init(
    terminal: Terminal, workingDirectory: String, now: @escaping @Sendable () -> Timestamp
  ) {
    self.terminal = terminal
    self.workingDirectory = workingDirectory
    self.now = now
  }

  /// The process's own surroundings.
  package static func system() -> CommandContext {
    CommandContext(
      terminal: .system(), workingDirectory: Folder.current,
      now: { Timestamp.now() })
  }
}
