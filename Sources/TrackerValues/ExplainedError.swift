/// An error that explains itself to people.
///
/// Its `description` says what was being done and what is wrong, as a sentence without a full stop. A
/// program that meets one need not know its type: it shows the description and the advice, and ends with
/// the status that goes with the kind.
public protocol ExplainedError: Error, CustomStringConvertible {
  /// What sort of trouble it is, for programs.
  var kind: ExplainedErrorKind { get }
  /// What to do about it, as a sentence; `nil` where the description says it all.
  var advice: String? { get }
}

extension ExplainedError {
  /// No advice: the description says it all.
  public var advice: String? { nil }
}

/// What sort of trouble an error is.
public enum ExplainedErrorKind: Hashable, Sendable {
  /// What was asked for makes no sense, or is not possible.
  case usage
  /// What was read is wrong.
  case data
  /// What was asked for is not there.
  case missing
  /// Something else uses what is needed, or it takes too long; later it may work.
  case unavailable
  /// A file or a store cannot be made or opened.
  case cannotCreate
  /// Reading or writing failed.
  case inputOutput
  /// A mistake in the program.
  case software
}
