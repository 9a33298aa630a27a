/// How a derivative is had from values of the function alone.
public enum DifferenceMethod: String, Codable, Hashable, Sendable, CaseIterable {
  /// (J(θ + ε) − J(θ − ε)) / 2ε, wrong by ε²/6 · J‴.
  case central
  /// (J(θ + ε) − J(θ)) / ε, wrong by ε/2 · J″.
  case forward
  /// Im J(θ + iε) / ε, wrong by ε²/6 · J‴, and without rounding, because nothing is subtracted.
  case complexStep = "complex-step"

  /// A step that suits a smooth cost of the order of 1 at parameters of the order of 1: where rounding,
  /// ulp(J)/ε, and truncation are about equal for `forward`, truncation has the upper hand a little for
  /// `central` (a robust choice: J may be a thousand), and neither counts for `complexStep`.
  public var suggestedEpsilon: Double {
    switch self {
    case .central: 1e-4
    case .forward: 1e-8
    case .complexStep: 1e-20
    }
  }

  /// How far a quotient of whole costs may be wrong by rounding alone, by estimate.
  ///
  /// Each cost is right to some ulp(J); the estimate takes 8, three bits, of a sum over examples.
  ///
  /// - Parameters:
  ///   - cost: J at the point
  ///   - epsilon: the step
  public func roundingError(cost: Double, epsilon: Double) -> Double {
    guard cost.isFinite, epsilon > 0 else { return 0 }
    return switch self {
    case .central: 8 * cost.ulp / (2 * epsilon)
    case .forward: 8 * cost.ulp / epsilon
    case .complexStep: 0
    }
  }
}
