import ArgumentParser
import TrackerExperiments

struct RecordOptions: ParsableArguments {
  @Option(
    help: "The group that the run belongs to. (default: default)",
    completion: Completion.experiment)
  var experiment: String?
  @Option(help: "A name for people.")
  var name: String?
  @Option(
    name: .customLong("tag"), help: ArgumentHelp("A tag; may be repeated.", valueName: "key=value"))
  var tags: [Tag] = []
  @Option(help: "A remark.")
  var note: String?

  func validate() throws { try tags.requireUniqueKeys("--tag") }

  func apply(to configuration: inout RunConfiguration) {
    experiment.map { configuration.experiment = $0 }
    configuration.name = name ?? configuration.name
    for tag in tags { configuration.tags[tag.key] = tag.value }
    configuration.note = note ?? configuration.note
  }
}

/// `key=value`; the value may hold further equals signs.
struct Tag: ExpressibleByArgument {
  var key: String
  var value: String

  init?(argument: String) {
    guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else { return nil }
    key = String(argument[..<sign])
    value = String(argument[argument.index(after: sign)...])
  }
}

extension [Tag] {
  /// - Parameter option: where the keys were given, for the message
  /// - Throws: `ValidationError` for a key that was given twice: nobody could tell which value was meant
  func requireUniqueKeys(_ option: String) throws {
    var seen: Set<String> = []
    for tag in self where !seen.insert(tag.key).inserted {
      throw ValidationError("\(option): \(tag.key) is given more than once")
    }
  }
}
