import ArgumentParser
import TrackerOptimization

/// How many threads a training has. No result depends on it, so that it is not a parameter of a run.
struct ThreadOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Threads of each training, up to 16. (default: $TRACKER_THREADS, else the processors that may be used)"
    ))
  var threads: Int?

  func validate() throws {
    guard threads.map({ $0 >= 1 }) ?? true else {
      throw ValidationError("--threads is at least 1, not \(threads ?? 0)")
    }
  }

  /// Tells the engine.
  ///
  /// - Parameter jobs: how many trainings there are side by side
  func apply(jobs: Int = 1, in context: CommandContext) throws {
    let count =
      try threads ?? Self.ofEnvironment(context) ?? max(1, MathThreads.processorCount / jobs)
    MathThreads.count = count
  }

  private static func ofEnvironment(_ context: CommandContext) throws -> Int? {
    guard let text = context.terminal.environment["TRACKER_THREADS"], !text.isEmpty else {
      return nil
    }
    guard let count = Int(text), count >= 1 else {
      throw CommandError(
        status: .usage, message: "TRACKER_THREADS is \"\(text)\", which is not a number from 1 up",
        advice: "Set it to a number such as 2, or unset it for all processors that may be used.")
    }
    return count
  }
}
