@preconcurrency import TrackerSystem

/// Shows what is longer than the screen in another program, chosen as git chooses it.
enum Pager {
  /// The shell command of the pager: `$TRACKER_PAGER`, else `$PAGER`, else `less -FRX` where less is
  /// installed; `nil` where that is nothing, or `cat`.
  static func command(_ environment: [String: String]) -> String? {
    let chosen = environment["TRACKER_PAGER"] ?? environment["PAGER"]
    guard let chosen else { return isInstalled("less", environment) ? "less -FRX" : nil }
    return chosen.isEmpty || chosen == "cat" ? nil : chosen
  }

  private static func isInstalled(_ program: String, _ environment: [String: String]) -> Bool {
    (environment["PATH"] ?? "").split(separator: ":").contains {
      access("\($0)/\(program)", X_OK) == 0
    }
  }

  /// Shows `text` and waits until the reader has left the pager.
  ///
  /// - Returns: whether there is such a program
  static func show(_ text: String, with command: String) -> Bool {
    // A pager that is named without its options: leave when one screen is enough, keep colours.
    setenv("LESS", "FRX", 0)
    setenv("LV", "-c", 0)
    // What we write is UTF-8 whatever the locale says, which in a container is often nothing.
    setenv("LESSCHARSET", "utf-8", 0)
    // What is ignored stays so in a child.
    signal(SIGPIPE, SIG_DFL)
    let pipe = popen(command, "w")
    signal(SIGPIPE, SIG_IGN)
    guard let pipe else { return false }
    // The keys for these are the pager's: we are there as long as it is.
    let keys = [SIGINT, SIGQUIT]
    let before = keys.map { signal($0, SIG_IGN) }
    defer { for (key, handler) in zip(keys, before) { signal(key, handler) } }
    // One who has seen enough leaves early, which is not a failure.
    Array(text.utf8).withUnsafeBytes { _ = fwrite($0.baseAddress, 1, $0.count, pipe) }
    let status = pclose(pipe)
    // What a shell says of a program that is not there, or that cannot be started.
    let isMissing = status & 0x7F == 0 && [126, 127].contains(status >> 8 & 0xFF)
    return !isMissing
  }
}
