package import TrackerEngine

/// Where a run's data comes from.
package enum DataSource: Hashable, Sendable, LosslessStringConvertible {
  /// scikit-learn's digits, inside the program.
  case digits

  /// Reads the data.
  package func load() throws -> Dataset {
    switch self {
    case .digits: try Dataset.digits()
    }
  }

  /// Reads `digits`.
  package init?(_ description: String) {
    guard description == "digits" else { return nil }
    self = .digits
  }

  package var description: String {
    switch self {
    case .digits: "digits"
    }
  }
}
