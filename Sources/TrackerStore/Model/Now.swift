// Placeholders until the store's owner writes them: see RunStart's defaults.
extension RunEnvironment {
  /// The surroundings of this process.
  public static func current() -> RunEnvironment {
    RunEnvironment(
      program: "tracker", gitCommit: nil, gitDirty: nil, host: "", user: "",
      process: ProcessIdentity(pid: 0, startTime: nil, bootID: nil, pidNamespace: nil), command: "")
  }
}
extension Timestamp {
  /// The present moment.
  public static func now() -> Timestamp { Timestamp(milliseconds: 0) }
}
