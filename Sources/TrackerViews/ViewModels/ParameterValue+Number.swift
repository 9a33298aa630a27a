package import TrackerStore

extension ParameterValue {
  /// The value as a finite number; `nil` for texts and truth values.
  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value.isFinite ? value : nil
    case .text, .boolean: nil
    }
  }
}
