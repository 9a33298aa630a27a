import ArgumentParser
import TrackerStore

/// Whether the code's changes since its commit are kept.
struct PatchOptions: ParsableArguments {
  @Flag(
    help: """
      Do not keep uncommitted changes (git diff HEAD, at most 1 MB) as the run's artifact code.patch.
      """)
  var noPatch = false

  /// The changes to keep; says so where there are some that cannot be kept.
  func patch(of environment: RunEnvironment, in context: CommandContext) -> CodePatch {
    guard !noPatch else { return .none }
    let patch = CodePatch.current(for: environment, directory: context.workingDirectory)
    if case .skipped(let reason) = patch {
      context.terminal.diagnostics.writeLine(
        "note: the changes of the code since its commit are not kept with the run: \(reason)")
    }
    return patch
  }
}
