import TrackerValues

/// What a command's end means to the shell: the codes of `sysexits.h`, and 0, 1 and 130.
package enum ExitStatus: Int32, Error, Sendable {
  /// Done.
  case done = 0
  /// The answer is no: a gradient check failed, `doctor` found damage, runs differ.
  case no = 1
  /// Bad usage.
  case usage = 64
  /// Bad data.
  case data = 65
  /// No such input or run.
  case noInput = 66
  /// The store is busy or unavailable.
  case unavailable = 69
  /// An internal error.
  case software = 70
  /// Cannot create.
  case cannotCreate = 73
  /// Input/output error.
  case inputOutput = 74
  /// Interrupted by SIGINT or SIGTERM.
  case interrupted = 130

  /// The status that tells the shell of an error of this kind.
  init(_ kind: ExplainedErrorKind) {
    self =
      switch kind {
      case .usage: .usage
      case .data: .data
      case .missing: .noInput
      case .unavailable: .unavailable
      case .cannotCreate: .cannotCreate
      case .inputOutput: .inputOutput
      case .software: .software
      }
  }
}
