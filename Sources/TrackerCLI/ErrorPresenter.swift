import ArgumentParser
import TrackerValues

/// Says in words what went wrong, and with which status the program ends.
enum ErrorPresenter {
  struct Presented {
    var status: ExitStatus
    var text: String
  }

  /// Every kind of error that a command can meet; anything else is a mistake of ours.
  static func present(_ error: any Error, width: Int) -> Presented {
    switch error {
    case let error as CommandError: return presented(error.status, error.message, error.advice)
    case let error as any ExplainedError:
      return presented(
        ExitStatus(error.kind), "\(error)", CommandAdvice.advice(for: error) ?? error.advice)
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
