import ArgumentParser

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A command as its declaration describes it, commands under it included: what a manual page is made of.
struct CommandDescription: Decodable {
  /// The names from the program's down to the parent's; `nil` for the program.
  var superCommands: [String]?
  var commandName: String
  var aliases: [String]?
  var abstract: String?
  var discussion: String?
  var subcommands: [CommandDescription]?
  var arguments: [Argument]?

  struct Argument: Decodable {
    enum Kind: String, Decodable {
      case positional, option, flag
    }
    struct Name: Decodable {
      var kind: String
      var name: String

      /// As it is typed: `--where`, `-o`.
      var typed: String { (kind == "long" ? "--" : "-") + name }
    }
    var kind: Kind
    var names: [Name]?
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
  var fullName: String { ((superCommands ?? []) + [commandName]).joined(separator: " ") }

  /// The name of its page: `tracker-artifact-add`.
  var pageName: String { fullName.split(separator: " ").joined(separator: "-") }

  /// This command and all under it, but for `help`, which the parser adds.
  var all: [CommandDescription] {
    [self] + (subcommands ?? []).filter { $0.commandName != "help" }.flatMap(\.all)
  }

  /// The whole program, as the parser dumps it.
  static func program() throws -> CommandDescription {
    struct Dump: Decodable {
      var command: CommandDescription
    }
    let dump = TrackerCommand._dumpHelp()
    return try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command
  }
}
