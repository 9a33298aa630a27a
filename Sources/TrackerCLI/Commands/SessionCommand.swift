import ArgumentParser
import TrackerSession
import TrackerStore
import TrackerSystem

struct SessionCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "session",
    abstract: "Record the runs of one program in any language, asked for in JSON lines.",
    discussion: """
      Requests come on standard input, one JSON object a line, and answers go to standard output, each with the \
      number of its request. The Python module records this way. The session ends when its input does, or when \
      the program that started it is gone. It marks the runs that have not ended as crashed.

      EXAMPLES
        tracker session < requests.jsonl > answers.jsonl
      """)

  @Option(
    help: ArgumentHelp(
      "The process whose runs these are; by default the one that started this command.",
      valueName: "pid"))
  var client: Int32?
  @OptionGroup var store: WritingOptions

  func run(in context: CommandContext) throws {
    // Whoever stops the program that asks means that one: this one ends after it, with all that it was told.
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
    let pid = client ?? getppid()
    guard let process = ProcessIdentity.running(pid: pid) else {
      throw CommandError(status: .usage, message: "there is no process \(pid)", advice: nil)
    }
    let store = store
    let environment = context.terminal.environment
    let surroundings = Session.Surroundings(
      program: TrackerCommand.program, folder: context.workingDirectory, client: process
    ) { path, folder in
      var context = context
      context.workingDirectory = folder
      var path = path ?? store.store.path(in: context)
      if DeliveryQueue.isAddress(path) {
        let queues = environment["TRACKER_QUEUE"] ?? "\(folder)/\(DeliveryQueue.folder)"
        path = try DeliveryQueue(for: path, in: queues, process: process).path
      }
      return try Store(
        path: path, durability: store.durability, program: TrackerCommand.program)
    } deliver: { store, token in
      SessionDelivery(store, token: token, environment: environment)
    }
    var loop = SessionLoop(surroundings, input: STDIN_FILENO, output: STDOUT_FILENO)
    loop.run()
  }
}
