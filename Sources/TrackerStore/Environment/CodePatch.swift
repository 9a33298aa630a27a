/// The changes of a git work tree since its commit: with the commit, the code that a run was made with.
public enum CodePatch: Hashable, Sendable {
  /// There are none, or no git work tree.
  case none
  /// What `git diff HEAD` says: the changes of files that git tracks, ready for `git apply`, but for files that are no
  /// text.
  case changes([UInt8])
  /// There are some, and they are not known, for this reason.
  case skipped(String)

  /// The name under which a run keeps its changes.
  public static let artifactName = "code.patch"
  /// The kind of that artifact.
  public static let artifactKind = "patch"

  /// More is not kept: a record of a run is not a archive.
  static let byteLimit = 1_000_000
  /// No run waits longer for its start.
  static let timeLimit = Duration.seconds(2)

  /// The changes in the work tree around a folder that `environment` found to have some.
  public static func current(
    for environment: RunEnvironment, directory: String = "."
  ) -> CodePatch {
    guard environment.gitDirty == true else { return .none }
    // What the user's configuration makes of a diff is for people; this is for programs.
    let diff = [
      "-c", "core.quotePath=false", "diff", "--no-color", "--no-ext-diff", "--no-textconv",
      "--no-relative", "--submodule=short", "--ignore-submodules=dirty", "--src-prefix=a/",
      "--dst-prefix=b/", "--unified=3", "HEAD", "--",
    ]
    switch GitCommand.harmlessOutput(
      of: diff, in: directory, byteLimit: byteLimit, timeLimit: timeLimit)
    {
    case .bytes(let bytes): return bytes.isEmpty ? .none : .changes(bytes)
    case .failed: return .skipped("git diff failed")
    case .tooMuch: return .skipped("they are more than \(byteLimit / 1_000_000) MB")
    case .tooSlow: return .skipped("git diff took longer than \(timeLimit.components.seconds) s")
    }
  }

  /// The bytes to keep, if there are any.
  public var bytes: [UInt8]? {
    if case .changes(let bytes) = self { bytes } else { nil }
  }
}
