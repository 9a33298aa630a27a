import TrackerSystem

/// Runs `git` so that it changes nothing: without its optional locks, it leaves even its index as it is.
enum GitCommand {
  /// What came of it.
  enum Output: Hashable {
    /// It ended well, and wrote this.
    case bytes([UInt8])
    /// It did not: there is no `git`, or it says no.
    case failed
    /// It wrote more than was allowed.
    case tooMuch
    /// It took longer than was allowed.
    case tooSlow
  }

  /// What a command writes; one that exceeds a limit is killed.
  ///
  /// - Parameters:
  ///   - arguments: the command after `git`
  ///   - directory: the folder that it is about
  ///   - byteLimit: the most that it may write
  ///   - timeLimit: the longest that it may take; `nil` for any time
  static func output(
    of arguments: [String], in directory: String, byteLimit: Int = .max, timeLimit: Duration? = nil
  ) -> Output {
    guard
      let (program, end) = start(["git", "--no-optional-locks", "-C", directory] + arguments)
    else { return .failed }
    let read = read(end, byteLimit: byteLimit, deadline: timeLimit.map { .now + $0 })
    close(end)
    if case .bytes = read {} else { kill(program.pid, SIGKILL) }
    let ending = program.wait()
    if case .bytes = read, ending != .exited(0) { return .failed }
    return read
  }

  /// What a command writes that asks a repository of unknown origin: nothing that the repository's files name is run.
  ///
  /// A repository's configuration names programs: a monitor of the file system, filters of contents, drivers of
  /// differences, hooks, transports for objects that are missing. Reading it (`git config`) runs none of them. All
  /// are then turned off one by one, for git has no switch for all. Submodules are asked for their commit alone,
  /// since git would ask them for more with their own configuration.
  ///
  /// - Parameter arguments: the command, which has options of its own against drivers of differences
  static func harmlessOutput(
    of arguments: [String], in directory: String, byteLimit: Int = .max, timeLimit: Duration
  ) -> Output {
    let start = ContinuousClock.now
    let listing = output(
      of: ["config", "--list", "--name-only", "-z"], in: directory, byteLimit: 1 << 20,
      timeLimit: timeLimit)
    guard case .bytes(let bytes) = listing else { return listing }
    guard let options = harmlessOptions(for: bytes.split(separator: 0)) else { return .failed }
    return output(
      of: options + arguments, in: directory, byteLimit: byteLimit,
      timeLimit: timeLimit - (.now - start))
  }

  /// The options that turn off every program which the configuration's keys could name; `nil` where one cannot be.
  private static func harmlessOptions(for keys: [ArraySlice<UInt8>]) -> [String]? {
    var settings = [
      "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.sshCommand=false",
      "diff.external=", "status.submoduleSummary=false", "submodule.recurse=false",
      "safe.bareRepository=explicit",
    ]
    for key in Set(keys.map { String(decoding: $0, as: UTF8.self) }).sorted() {
      let isFilter = key.hasPrefix("filter.")
      let isDriver =
        key.hasPrefix("diff.") && (key.hasSuffix(".textconv") || key.hasSuffix(".command"))
      guard isFilter || isDriver else { continue }
      // An option ends its key at the first equals sign.
      guard !key.contains("="), !key.contains("\u{FFFD}") else { return nil }
      settings.append(key + (key.hasSuffix(".required") ? "=false" : "="))
    }
    return settings.flatMap { ["-c", $0] }
  }

  /// Objects that are missing are not fetched, and no transport is allowed to try; nothing asks a person.
  private static let settingsOfEnvironment = [
    "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "GIT_TERMINAL_PROMPT=0",
  ]

  /// Our environment, with what a git that we start is told through it.
  private static func environment() -> [String] {
    let names = settingsOfEnvironment.map { $0.prefix { $0 != "=" } + "=" }
    var entries = settingsOfEnvironment
    var entry = environ
    while let text = entry.pointee {
      let variable = String(cString: text)
      if !names.contains(where: variable.hasPrefix), !variable.hasPrefix("GIT_EXTERNAL_DIFF=") {
        entries.append(variable)
      }
      entry += 1
    }
    return entries
  }

  /// Starts a program.
  ///
  /// - Returns: the program, and where its output arrives; `nil` if it cannot be started
  private static func start(_ command: [String]) -> (program: Program, output: Int32)? {
    guard let ends = try? makePipe() else { return nil }
    defer { close(ends.writing) }
    let program = try? Program(
      command, input: .null, output: .descriptor(ends.writing), error: .null,
      environment: environment())
    guard let program else {
      close(ends.reading)
      return nil
    }
    return (program, ends.reading)
  }

  private static func read(
    _ end: Int32, byteLimit: Int, deadline: ContinuousClock.Instant?
  ) -> Output {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if let deadline {
        let left = (deadline - .now) / .milliseconds(1)
        var waiting = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
        let ready = left > 0 ? poll(&waiting, 1, Int32(saturating: left.rounded(.up))) : 0
        if ready == 0 { return .tooSlow }
        if ready < 0 { continue }
      }
      let count = TrackerSystem.read(end, &buffer, buffer.count)
      if count > 0 { bytes.append(contentsOf: buffer[..<count]) }
      if bytes.count > byteLimit { return .tooMuch }
      if count == 0 || (count < 0 && errno != EINTR) { return .bytes(bytes) }
    }
  }
}
