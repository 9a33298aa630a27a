import TrackerSystem

/// The state of the git work tree around a folder, as `git` itself tells it.
struct GitWorkTree {
  var commit: String
  var isDirty: Bool

  /// `nil` outside a work tree, without a commit, or where there is no `git`.
  init?(containing directory: String) {
    // Starting git costs milliseconds; most folders without a .git above need none of them.
    guard let resolved = realpath(directory, nil) else { return nil }
    var folder = String(cString: resolved)
    free(resolved)
    while access("\(folder)/.git", F_OK) != 0 {
      guard let slash = folder.lastIndex(of: "/"), folder != "/" else { return nil }
      folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
      if folder == "/" { return nil }
    }
    let status = ["status", "--porcelain=v2", "--branch", "--untracked-files=no"]
    guard case .bytes(let output) = GitCommand.output(of: status, in: directory) else {
      return nil
    }
    var commit: String?
    isDirty = false
    for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("# branch.oid ") {
        commit = String(line.dropFirst("# branch.oid ".count))
      } else if !line.hasPrefix("#") {
        isDirty = true
      }
    }
    guard let commit, commit != "(initial)" else { return nil }
    self.commit = commit
  }
}

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
      let (pid, end) = start(["git", "--no-optional-locks", "-C", directory] + arguments)
    else { return .failed }
    let read = read(end, byteLimit: byteLimit, deadline: timeLimit.map { .now + $0 })
    close(end)
    if case .bytes = read {} else { kill(pid, SIGKILL) }
    var ending: Int32 = 0
    while waitpid(pid, &ending, 0) < 0, errno == EINTR {}
    if case .bytes = read, ending != 0 { return .failed }
    return read
  }

  /// Starts a program.
  ///
  /// - Returns: its process, and where its output arrives; `nil` if it cannot be started
  private static func start(_ command: [String]) -> (pid: pid_t, output: Int32)? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    posix_spawn_file_actions_addclose(&actions, ends[1])
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var pid = pid_t()
    let status = posix_spawnp(&pid, command[0], &actions, nil, &arguments, environ)
    close(ends[1])
    guard status == 0 else {
      close(ends[0])
      return nil
    }
    return (pid, ends[0])
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
        let ready = left > 0 ? poll(&waiting, 1, Int32(left.rounded(.up))) : 0
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
