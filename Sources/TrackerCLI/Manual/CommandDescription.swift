import ArgumentParser
import TrackerJSON

/// A command as its declaration describes it, commands under it included: what a manual page is made of.
struct CommandDescription {
  /// The names from the program's down to the parent's; empty for the program.
  var superCommands: [String]
  var commandName: String
  var aliases: [String]
  var abstract: String?
  var discussion: String?
  var subcommands: [CommandDescription]
  var arguments: [Argument]

  struct Argument {
    enum Kind: String {
      case positional, option, flag
    }
    var kind: Kind
    /// As they are typed: `--where`, `-o`.
    var names: [String]
    var valueName: String?
    var defaultValue: String?
    var sectionTitle: String?
    var abstract: String?
    var discussion: String?
    var isOptional: Bool
    var isRepeating: Bool
    var shouldDisplay: Bool
  }

  /// The program's name and the command's: `tracker artifact add`.
  var fullName: String { (superCommands + [commandName]).joined(separator: " ") }

  /// The name of its page: `tracker-artifact-add`.
  var pageName: String { fullName.split(separator: " ").joined(separator: "-") }

  /// This command and all under it, but for `help`, which the parser adds.
  var all: [CommandDescription] {
    [self] + subcommands.filter { $0.commandName != "help" }.flatMap(\.all)
  }

  /// The whole program, as the parser dumps it.
  static func program() throws -> CommandDescription {
    let dump = try JSONValue(parsing: TrackerCommand._dumpHelp())
    return CommandDescription(dump["command"] ?? .null)
  }
}

// The parser dumps what its target ArgumentParserToolInfo describes: CommandInfoV0 and ArgumentInfoV0.

extension CommandDescription {
  fileprivate init(_ dump: JSONValue) {
    superCommands = dump.texts("superCommands")
    commandName = dump.text("commandName") ?? ""
    aliases = dump.texts("aliases")
    abstract = dump.text("abstract")
    discussion = dump.text("discussion")
    subcommands = dump.values("subcommands").map(CommandDescription.init)
    arguments = dump.values("arguments").compactMap(Argument.init)
  }
}

extension CommandDescription.Argument {
  /// `nil` where the kind is none that a page shows.
  fileprivate init?(_ dump: JSONValue) {
    guard let kind = dump.text("kind").flatMap(Kind.init) else { return nil }
    self.kind = kind
    names = dump.values("names").map { name in
      (name.text("kind") == "long" ? "--" : "-") + (name.text("name") ?? "")
    }
    valueName = dump.text("valueName")
    defaultValue = dump.text("defaultValue")
    sectionTitle = dump.text("sectionTitle")
    abstract = dump.text("abstract")
    discussion = dump.text("discussion")
    isOptional = dump["isOptional"] == .boolean(true)
    isRepeating = dump["isRepeating"] == .boolean(true)
    shouldDisplay = dump["shouldDisplay"] == .boolean(true)
  }
}

extension JSONValue {
  fileprivate func text(_ key: String) -> String? {
    guard case .string(let text)? = self[key] else { return nil }
    return text
  }

  fileprivate func values(_ key: String) -> [JSONValue] {
    guard case .array(let values)? = self[key] else { return [] }
    return values
  }

  fileprivate func texts(_ key: String) -> [String] {
    values(key).compactMap { value in
      guard case .string(let text) = value else { return nil }
      return text
    }
  }
}
