package import TrackerValues

/// What another server does not do for us.
package struct PushError: ExplainedError {
  package enum Reason: Hashable, Sendable {
    /// It does not answer.
    case unreachable
    /// It cannot be spoken to in a safe way, or not at all; trying again does not help.
    case noConnection
    /// It answers that it has too much to do, or something in it is broken.
    case busy
    /// It does not let us in.
    case unauthorized
    /// It is not a server of MLflow's interface.
    case foreign
    /// It does not take what was sent; MLflow's word for why, where it gave one.
    case refused(code: String)
  }

  package let reason: Reason
  /// What was being done, and what is wrong.
  package let description: String

  package init(_ reason: Reason, _ description: String) {
    self.reason = reason
    self.description = description
  }

  package var kind: ExplainedErrorKind {
    if case .refused = reason { return .data }
    return .unavailable
  }

  package var advice: String? {
    switch reason {
    case .unreachable, .busy:
      "See whether the server runs there. What was sent stays; the same command goes on."
    case .unauthorized:
      "Put the token into MLFLOW_TRACKING_TOKEN, or name and password into MLFLOW_TRACKING_USERNAME and "
        + "MLFLOW_TRACKING_PASSWORD."
    case .foreign: "Name the address that MLflow's page has in a browser."
    case .noConnection, .refused: nil
    }
  }

  /// Whether the server takes other runs all the same.
  package var isAboutOneRun: Bool { if case .refused = reason { true } else { false } }

  /// Whether it may be otherwise a little later.
  package var isPassing: Bool { reason == .unreachable || reason == .busy }
}
