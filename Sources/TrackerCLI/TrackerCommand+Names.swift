import TrackerValues
import ArgumentParser
import TrackerStore

extension TrackerCommand {
  /// The first word that stands where a command must, and is none: the parser only calls it unexpected.
  static func unknownCommand(in arguments: [String]) -> CommandError? {
    var command: any ParsableCommand.Type = TrackerCommand.self
    for word in arguments {
      let children = command.configuration.subcommands
      guard !children.isEmpty, !word.hasPrefix("-") else { return nil }
      if let child = children.first(where: { names(of: $0).contains(word) }) {
        command = child
        continue
      }
      // The parser has this one for every command that has others below it; the names of commands follow.
      guard word != "help" else { continue }
      let parent = fullName(of: command)
      let advice = nearest(word, to: children.map { $0._commandName }).map {
        "did you mean \(parent) \($0)?"
      }
      return CommandError(
        status: .usage, message: "there is no command \"\(parent) \(word)\"",
        advice: advice ?? "See all of them with: \(parent) --help")
    }
    return nil
  }

  private static func names(of command: any ParsableCommand.Type) -> [String] {
    [command._commandName] + command.configuration.aliases
  }

  private static func fullName(of command: any ParsableCommand.Type) -> String {
    command == TrackerCommand.self ? _commandName : "\(_commandName) \(command._commandName)"
  }
}
