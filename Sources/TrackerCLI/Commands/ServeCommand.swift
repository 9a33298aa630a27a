import ArgumentParser
import TrackerServer
import TrackerStore
import TrackerSystem
import TrackerViews

struct ServeCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer MLflow's clients, for a whole group, from this store.",
    discussion: """
      Any client of MLflow logs to it and reads from it: MLFLOW_TRACKING_URI=http://127.0.0.1:5000. What it logs is seen \
      by list, compare, report and diagnose, and what we log by MLflow's clients. A browser shows the report at that address. Ctrl-C ends it.

      Other machines reach it with --host, and must then show a token: MLFLOW_TRACKING_TOKEN on their side. HTTPS is a \
      reverse proxy's or ssh's work: Documentation/serve.md has both.

      EXAMPLES
        tracker serve
        tracker serve --port 0 --db group.sqlite
        tracker serve --host 0.0.0.0 --token token.txt
        tracker serve --artifact-root s3://bucket/runs
      """)

  @Option(help: "The address to listen on; 0.0.0.0 for all of this machine.")
  var host = "127.0.0.1"
  @Option(help: "The port to listen on; 0 for any that is free.")
  var port = 5000
  @Option(
    help: ArgumentHelp(
      "The file whose first line clients have to know. (default: $TRACKER_TOKEN)", valueName: "file"
    ),
    completion: .file())
  var token: String?
  @Option(
    help: ArgumentHelp(
      "Where clients put artifacts of new experiments themselves. (default: into the store)",
      valueName: "prefix"))
  var artifactRoot: String?
  @Option(
    help: ArgumentHelp(
      "Take a client's run for crashed after so much silence, such as 3h. (default: never)",
      valueName: "duration"))
  var lostAfter: SilenceArgument?
  @Flag(help: "Open the page in the browser.")
  var open = false
  @Flag(help: "Say on the standard error what was asked and answered, a line a request.")
  var log = false
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port is from 0 to 65535, not \(port)")
    }
    if artifactRoot == "" { throw ValidationError("--artifact-root names no place") }
  }

  #if Serve
    func run(in context: CommandContext) throws {
      let token = try self.token(in: context)
      if token == nil, !ServerSettings.isLoopback(host) {
        throw CommandError(
          status: .usage,
          message:
            "others than this machine reach \(host), and there is no token that they have to know",
          advice: "Write one into a file, and name it: tracker serve --host \(host) --token FILE")
      }
      let diagnostics = context.terminal.diagnostics
      let store = try Store(
        path: store.path(in: context), program: TrackerCommand.program)
      let answering = try StoreAnswering(
        store: store, artifactRoot: artifactRoot, lostAfterMilliseconds: lostAfter?.milliseconds
      )
      var observe: (@Sendable (String) -> Void)?
      if log { observe = { diagnostics.writeLine("\(Timestamp.now().iso8601) \($0)") } }
      // Before the server's threads are there: one that is blocked here is blocked in all of them.
      let signals = EndSignals()
      let server = try Server(
        settings: ServerSettings(host: host, port: port, token: token, log: observe),
        answering: answering)
      let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
      let address = "http://\(name):\(server.port)/"
      diagnostics.writeLine("serving \(store.path) at \(address)")
      if open, !FileSystem.show(address) {
        diagnostics.writeLine("warning: no program was found to open it with")
      }
      signals.wait()
      server.stop()
    }

    private func token(in context: CommandContext) throws -> AccessToken? {
      let text: String
      if let token {
        let path = absolutePath(token, in: context.workingDirectory)
        var bytes: [UInt8] = []
        do {
          try FileDescriptor(readingRegularFile: path).pieces { piece in
            if bytes.count < 1 << 16 { bytes.append(contentsOf: piece) }
          }
        } catch let error as SystemError {
          throw CommandError.cannotRead(token, errorNumber: error.number)
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        text = lines.first.map(String.init) ?? ""
        guard !text.isEmpty else {
          throw CommandError(
            status: .data, message: "there is no token in \(token)",
            advice: "Its first line is what clients have to know.")
        }
      } else {
        text = context.terminal.environment["TRACKER_TOKEN"] ?? ""
      }
      return AccessToken(text)
    }
  #else
    func run(in context: CommandContext) throws {
      throw CommandError(
        status: .usage, message: "this build of tracker has no server",
        advice: "Build one that has: swift run --traits Serve tracker serve")
    }
  #endif
}

/// A length of time, such as `90s`, `5m`, `3h` or `2d`.
struct SilenceArgument: ExpressibleByArgument {
  let milliseconds: Int64

  init?(argument: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = argument.last.flatMap({ units[$0] }), let count = Double(argument.dropLast()),
      count > 0, count * unit < 1e9
    else { return nil }
    milliseconds = Int64(count * unit * 1000)
  }
}
