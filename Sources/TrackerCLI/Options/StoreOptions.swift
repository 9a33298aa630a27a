import ArgumentParser
import TrackerStore
import TrackerSystem

/// Which store a command works on.
struct StoreOptions: ParsableArguments {
  @Option(
    name: .customLong("db"),
    help: ArgumentHelp(
      "The store's file (default: $TRACKER_DB, or the nearest tracker.sqlite).",
      valueName: "path"), completion: .file())
  var database: String?

  func validate() throws {
    if database == "" { throw ValidationError("--db names no file") }
  }

  /// The store's path, as people may type it from the working directory.
  func path(in context: CommandContext) -> String { Self.path(database, in: context) }

  /// The path of the store that `--db`, where it is given, names.
  static func path(_ database: String?, in context: CommandContext) -> String {
    if let database { return database }
    if let path = context.terminal.environment["TRACKER_DB"], !path.isEmpty { return path }
    var folder = Substring(context.workingDirectory)
    while true {
      let candidate = "\(folder == "/" ? "" : folder)/tracker.sqlite"
      if exists(candidate) { return candidate }
      guard let slash = folder.lastIndex(of: "/"), folder != "/" else { break }
      folder = slash == folder.startIndex ? "/" : folder[..<slash]
    }
    return "\(context.workingDirectory)/tracker.sqlite"
  }
}
