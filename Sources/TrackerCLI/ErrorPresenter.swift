import ArgumentParser
import TrackerEngine
import TrackerExperiments
import TrackerGradientCheck
import TrackerOptimization
import TrackerReport
import TrackerViews
import TrackerStore

/// Says in words what went wrong, and with which status the program ends.
enum ErrorPresenter {
  struct Presented {
    var status: ExitStatus
    var text: String
  }

  /// Every kind of error that a command can meet; anything else is a mistake of ours.
  static func present(_ error: any Error, width: Int) -> Presented {
    switch error {
    case let error as CommandError:
      return presented(error.status, error.message, error.advice)
    case let error as InputError:
      return presented(error.kind == .missing ? .noInput : .data, error.message, error.advice)
    case let error as ParameterLayoutError:
      return presented(.usage, "\(error)", "Give the layers' shapes with --shapes 65x100,101x10")
    case let error as SweepError:
      return presented(.usage, error.message, error.advice)
    case let error as UnknownPreset:
      let meant = nearest(error.name, to: Preset.all.map(\.name)).map { "did you mean \($0)?" }
      return presented(
        .usage, "there is no preset \"\(error.name)\"",
        meant ?? "See them with: tracker run --list-presets")
    case let error as ConfigurationError:
      return presented(.usage, error.message, "See the options with: tracker run --help")
    case let error as OptimizerError:
      return presented(.usage, "\(error)", "See the options with: tracker run --help")
    case let error as DatasetError:
      return presented(.data, error.message, error.advice)
    case let error as ReportPartError:
      return presented(.data, error.message, error.advice)
    case let error as UnrecordedError:
      return presented(status(of: error.cause.reason), "\(error)", error.cause.advice)
    case let error as StoreError:
      return presented(status(of: error.reason), error.message, error.advice)
    case let error as UnknownColumnError:
      return presented(
        .usage, "there is no column \"\(error.name)\"", error.suggestion)
    case let error as FilterSyntaxError:
      return presented(.usage, "\(error.message)\n\(error.marked)", error.suggestion)
    default:
      let code = TrackerCommand.exitCode(for: error)
      let message = TrackerCommand.fullMessage(for: error, columns: width)
      if code == .success { return Presented(status: .done, text: message) }
      if code == .validationFailure {
        return Presented(status: .usage, text: lowercasedLabel(message))
      }
      return presented(.software, "\(error)", "This is a mistake in tracker; please report it.")
    }
  }

  private static func status(of reason: StoreError.Reason) -> ExitStatus {
    switch reason {
    case .noStore, .noSuchRun, .ambiguousRun, .notFound: .noInput
    case .notAStore, .corrupt, .newerSchema, .olderSchema, .tooLarge, .changed, .malformed:
      .data
    case .cannotOpen, .readOnly: .cannotCreate
    case .busy, .timeout: .unavailable
    case .full, .inputOutput: .inputOutput
    case .statement: .usage
    case .ended, .running: .usage
    case .other: .software
    }
  }

  private static func presented(
    _ status: ExitStatus, _ message: String, _ advice: String?
  ) -> Presented {
    let text = "error: \(message)" + (advice.map { "\n\($0)" } ?? "")
    return Presented(status: status, text: text)
  }

  /// The parser's `Error: …` in the style of all other messages.
  private static func lowercasedLabel(_ message: String) -> String {
    message.hasPrefix("Error: ") ? "error: " + message.dropFirst(7) : message
  }
}
