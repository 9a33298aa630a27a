import TrackerSQLite

extension ParameterValue {
  var kind: String {
    switch self {
    case .integer: "integer"
    case .real: "real"
    case .text: "text"
    case .boolean: "boolean"
    }
  }

  var stored: SQLiteValue {
    switch self {
    case .integer(let value): .integer(value)
    case .real(let value): .real(value)
    case .text(let value): .text(value)
    case .boolean(let value): .integer(value ? 1 : 0)
    }
  }

  /// The value of a stored row; a NULL of kind `real` is NaN.
  init(kind: String, stored: SQLiteValue) {
    switch (kind, stored) {
    case ("boolean", .integer(let value)): self = .boolean(value != 0)
    case (_, .integer(let value)): self = .integer(value)
    case (_, .real(let value)): self = .real(value)
    case (_, .text(let value)): self = .text(value)
    default: self = .real(.nan)
    }
  }
}
