#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension RunEnvironment {
  /// The surroundings of this process.
  ///
  /// - Parameters:
  ///   - program: name and version of the program that records; by default the executable's name
  ///   - directory: the folder whose git work tree is meant; by default the current one
  public static func current(program: String? = nil, directory: String = ".") -> RunEnvironment {
    let git = GitWorkTree(containing: directory)
    let arguments = CommandLine.arguments
    let name = arguments.first?.split(separator: "/").last.map(String.init) ?? "unknown"
    let typed = [name] + arguments.dropFirst()
    return RunEnvironment(
      program: program ?? name, gitCommit: git?.commit, gitDirty: git?.isDirty,
      host: SystemFacts.host, user: SystemFacts.user, process: .current(),
      command: commandLine(typed))
  }

  /// The words as they are typed in a POSIX shell.
  package static func commandLine(_ words: [String]) -> String {
    words.map(shellQuoted).joined(separator: " ")
  }

  /// `word` as it is typed in a POSIX shell.
  private static func shellQuoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || "-_./:=,+@%^".utf8.contains(byte)
    }
    if plain, !word.isEmpty { return word }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}

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
    let status = [
      "git", "--no-optional-locks", "-C", directory, "status", "--porcelain=v2", "--branch",
    ]
    guard let output = Self.output(of: status + ["--untracked-files=no"]) else { return nil }
    var commit: String?
    isDirty = false
    for line in output.split(separator: "\n") {
      if line.hasPrefix("# branch.oid ") {
        commit = String(line.dropFirst("# branch.oid ".count))
      } else if !line.hasPrefix("#") {
        isDirty = true
      }
    }
    guard let commit, commit != "(initial)" else { return nil }
    self.commit = commit
  }

  private static func output(of command: [String]) -> String? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    defer { close(ends[0]) }
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
    guard status == 0 else { return nil }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      if count > 0 { bytes.append(contentsOf: buffer[..<count]) }
      if count == 0 || (count < 0 && errno != EINTR) { break }
    }
    var ending: Int32 = 0
    while waitpid(pid, &ending, 0) < 0, errno == EINTR {}
    return ending == 0 ? String(decoding: bytes, as: UTF8.self) : nil
  }
}
