import TrackerSystem

extension RunEnvironment {
  /// The surroundings of this process.
  ///
  /// - Parameters:
  ///   - program: name and version of the program that records; by default the executable's name
  ///   - directory: the folder whose git work tree is meant; by default the current one
  ///   - keepsSecrets: whether the command line is kept with the passwords and keys that stand in it, which are
  ///     otherwise shown as `…`
  public static func current(
    program: String? = nil, directory: String = ".", keepsSecrets: Bool = false
  ) -> RunEnvironment {
    let git = GitWorkTree(containing: directory)
    let arguments = CommandLine.words
    let name = arguments.first?.split(separator: "/").last.map(String.init) ?? "unknown"
    let typed = [name] + arguments.dropFirst()
    return RunEnvironment(
      program: program ?? name, gitCommit: git?.commit, gitDirty: git?.isDirty,
      host: SystemFacts.host, user: SystemFacts.user, process: .current(),
      command: commandLine(keepsSecrets ? typed : Secrets.hidden(in: typed)))
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
