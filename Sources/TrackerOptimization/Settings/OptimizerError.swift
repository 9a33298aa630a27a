public import TrackerValues

/// Why an optimiser cannot be made.
public enum OptimizerError: ExplainedError, Hashable {
  /// A setting is outside its legal range.
  case invalidSetting(name: String, value: String, requirement: String)
  /// The method would need more memory than ``OptimizerSettings/memoryLimit``.
  case tooLarge(method: OptimizerMethod, parameters: Int, bytes: Int)
  /// The bytes are not state that ``Optimizer/encodedState()`` wrote.
  case damagedState(String)

  /// What is wrong and what would be right, as a sentence without a full stop.
  public var description: String {
    switch self {
    case .invalidSetting(let name, let value, let requirement):
      "\(name) is \(value), but must be \(requirement)"
    case .tooLarge(let method, let parameters, let bytes):
      "\(method.rawValue) needs \(bytes / 1_048_576) MiB for \(parameters) parameters, more than "
        + "the \(OptimizerSettings.memoryLimit / 1_048_576) MiB allowed; lbfgs needs far less"
    case .damagedState(let what): "the optimiser's saved state is damaged: \(what)"
    }
  }

  /// What sort of trouble it is.
  public var kind: ExplainedErrorKind { if case .damagedState = self { .data } else { .usage } }
}
