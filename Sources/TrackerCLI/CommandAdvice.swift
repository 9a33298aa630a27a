import TrackerEngine
import TrackerExperiments
import TrackerGradientCheck
import TrackerJSON
import TrackerOptimization
import TrackerStore
import TrackerValues

/// Which command or option helps: the libraries know what is wrong, and only the command line knows how it is asked for.
enum CommandAdvice {
  /// What to type, chosen by the error's reason; `nil` where the error's own advice is all there is.
  static func advice(for error: any ExplainedError) -> String? {
    switch error {
    case let error as StoreError: advice(for: error.reason, where: error.advice)
    case let error as UnrecordedError:
      error.files.isEmpty
        ? advice(for: error.cause)
        : "Bring it in with: " + error.files.map { "tracker import \($0)" }.joined(separator: "; ")
    case let error as DatasetError: advice(for: error.reason)
    case let error as InputError: advice(for: error.reason)
    case let error as SweepError: advice(for: error.reason)
    case is UnknownPreset: error.advice ?? "See them with: tracker run --list-presets"
    case is ParameterLayoutError: "Give the layers' shapes with --shapes 65x100,101x10"
    case is ConfigurationError, is OptimizerError:
      error.kind == .usage ? "See the options with: tracker run --help" : nil
    default: nil
    }
  }

  /// - Parameter special: advice of the error's own, which fits better than any that the reason gives
  private static func advice(for reason: StoreError.Reason, where special: String?) -> String? {
    if let special { return special }
    return switch reason {
    case .noStore: "Make one with: tracker run, or name another with --db."
    case .notAStore: "Choose another file with --db; this one is left as it is."
    case .olderSchema: "Copy the file to where you may write, and name the copy with --db."
    case .readOnly: "Change its permissions, or use another with --db."
    case .full: "Make room, or put the store elsewhere with --db."
    case .inputOutput: "Check the disk, then: tracker doctor"
    case .copiedWithoutLog: "Copy a store that is in use with: tracker backup FILE"
    case .corrupt: "See how badly with: tracker doctor"
    case .noSuchRun: "Try: tracker list --all"
    case .noSuchSweep: "See them with: tracker query 'SELECT id, status, command FROM sweeps'"
    case .noSuchExperiment: "See them with: tracker experiments"
    case .experimentHoldsRuns(let name):
      "Delete them too, with --runs; or move them: "
        + RunEnvironment.commandLine([
          "tracker", "move", "--where", "experiment = \(JSONValue.string(name).compact)",
          "--experiment", "OTHER",
        ])
    case .experimentExists(let name):
      "Move runs into it with: "
        + RunEnvironment.commandLine(["tracker", "move", "RUN", "--experiment", name])
    case .deletedExperiment(let name):
      "Bring it back with: "
        + RunEnvironment.commandLine(["tracker", "experiments", "restore", name])
    case .noSuchArtifact(let run): "See which it has with: tracker artifact list \(run)"
    case .running(let run):
      "Wait for its end, or end it with: tracker finish \(run) --status interrupted"
    case .notAnExport:
      "If it is another tracker's, say which with --from; the lines that a program printed: tracker record < FILE"
    case .malformed: "Nothing was imported. Make the export again with: tracker export"
    case .timeout: "Ask for less, or give it more time with --timeout."
    case .statement:
      "See the views with: tracker query \"SELECT sql FROM sqlite_schema WHERE type = 'view'\""
    case .moved, .newerSchema, .cannotOpen, .busy, .outOfMemory, .ambiguousRun, .notFound, .ended,
      .tooLarge, .changed, .sameStore, .other:
      nil
    }
  }

  private static func advice(for reason: DatasetError.Reason) -> String? {
    switch reason {
    case .headerLikely: "If the first row names the columns, add --header."
    case .headerNeeded: "Add --header, or give the column's number."
    case .tooMuchHeldOut: "Hold out less with --test-fraction, or nothing with 0."
    case .headerOrData: "If it names the columns, add --header; if it is data, --no-header."
    case .columnOfTexts(let number): "Leave a column of texts out with --drop-columns \(number)."
    case .noLabel: "Leave such rows out, or choose the column of the labels with --label-column."
    case .labelColumn: "Choose the column of the labels with --label-column."
    case .tooLarge:
      "Train on a part of the data, or raise the limit: TRACKER_MEMORY_LIMIT=8 is 8 GB."
    case .malformed: nil
    }
  }

  private static func advice(for reason: InputError.Reason) -> String? {
    switch reason {
    case .labelsNeeded: "Name their file with --labels FILE."
    case .nothingHeldOut(let run): "Name a file of examples: tracker predict \(run) FILE"
    case .foreignRun:
      "Check vectors of your own with: tracker check --analytic FILE --numerical FILE"
    case .missing, .malformed: nil
    }
  }

  private static func advice(for reason: SweepError.Reason) -> String? {
    switch reason {
    case .syntax: "See the forms of values with: tracker sweep --help"
    case .gridOfDistribution:
      "Add --sampler random --trials N, or --sampler tpe; or list values: 0.1,0.3,1"
    case .gridTooLarge: "Choose among them with: --sampler random --trials N"
    case .other: nil
    }
  }
}
