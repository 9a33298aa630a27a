/// Why an optimiser has no next iteration.
public enum StopReason: String, Codable, Sendable {
  /// The gradient is as small as was asked for.
  case gradientTolerance
}
