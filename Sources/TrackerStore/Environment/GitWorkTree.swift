import TrackerSystem

/// The state of the git work tree around a folder, as `git` itself tells it.
struct GitWorkTree {
  var commit: String
  var isDirty: Bool

  /// No run waits longer for its start, whatever the repository's files are.
  static let timeLimit = Duration.seconds(10)

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
      "status", "--porcelain=v2", "--branch", "--untracked-files=no", "--ignore-submodules=dirty",
    ]
    guard
      case .bytes(let output) = GitCommand.harmlessOutput(
        of: status, in: directory, timeLimit: Self.timeLimit)
    else { return nil }
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
