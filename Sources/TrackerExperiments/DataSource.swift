package import TrackerEngine

/// Where a run's data comes from.
package enum DataSource: Hashable, Sendable, CustomStringConvertible {
  /// scikit-learn's digits, inside the program.
  case digits

  /// Reads the data.
  package func load() throws -> Dataset {
    switch self {
    case .digits: try Dataset.digits()
    }
  }

  package var description: String {
    switch self {
    case .digits: "digits"
    }
  }
}
