import ArgumentParser
import TrackerMCP
import TrackerStore
import TrackerSystem

struct MCPCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "mcp",
    abstract: "Let coding agents read the store, by the Model Context Protocol on standard input.",
    discussion: """
      An agent's program starts this command and asks it; nobody types it by hand. Its tools list, show, compare and \
      diagnose runs, read metrics and answer SQL. They change nothing, unless --write adds those that note, tag, \
      rename, archive and move runs. None deletes.

      EXAMPLES
        claude mcp add tracker -- tracker mcp --db tracker.sqlite
        tracker mcp --write
      """)

  @Flag(help: "Offer the tools that note, tag, rename, archive and move runs, too.")
  var write = false
  @OptionGroup var store: StoreOptions

  func run(in context: CommandContext) throws {
    let options = store
    let server = ToolServer(version: TrackerCommand.version, writes: write) {
      try options.store(.existing, in: context)
    }
    var loop = ToolLoop(server, input: STDIN_FILENO, output: STDOUT_FILENO)
    try loop.run()
  }
}
