/// Why an optimiser has no next iteration: a sentence for a reader and the condition that was met.
public enum StopReason: String, Codable, Sendable, CaseIterable {
  /// The gradient is as small as was asked for.
  case gradientTolerance
  /// The cost falls by less, in one iteration, than was asked for.
  case costTolerance
  /// The cost does not fall where its gradient says that it falls.
  case lineSearchFailed
  /// What is left to gain is below the rounding of the cost.
  case precisionLoss
  /// The cost falls without end.
  case unbounded
  /// The cost is NaN or infinite at a point that the method cannot turn back from.
  case nonFiniteCost
  /// The cost is finite, but its gradient is not.
  case nonFiniteGradient
  /// The evaluations that were allowed are used up.
  case evaluationLimit

  /// What happened, in a sentence for a reader.
  public var sentence: String {
    switch self {
    case .gradientTolerance: "Converged: the gradient is as small as asked for."
    case .costTolerance: "Converged: the cost hardly falls any more."
    case .lineSearchFailed:
      "The line search failed: the cost does not fall where its gradient says that it falls."
    case .precisionLoss: "What is left to gain is lost in the rounding of the cost."
    case .unbounded: "The cost falls without end along the search direction."
    case .nonFiniteCost: "The cost is not a finite number."
    case .nonFiniteGradient: "The gradient holds NaN or infinity."
    case .evaluationLimit: "All evaluations that were allowed are used up."
    }
  }

  /// The condition that was met, in symbols: J the cost, g its gradient, d the search direction.
  public var condition: String {
    switch self {
    case .gradientTolerance: "max |g_i| <= tolerance"
    case .costTolerance: "J_(k-1) - J_k <= costTolerance * max(|J_(k-1)|, |J_k|, 1)"
    case .lineSearchFailed: "no step a > 0 with J(x + a d) <= J(x) + c1 a g'd"
    case .precisionLoss: "a |g'd| is below the spacing of floating-point numbers at J"
    case .unbounded:
      "J(x + a d) <= J(x) + c1 a g'd and g(x + a d)'d < c2 g'd up to the longest step"
    case .nonFiniteCost: "J is NaN or infinite"
    case .nonFiniteGradient: "some g_i is NaN or infinite"
    case .evaluationLimit: "evaluations >= evaluationLimit"
    }
  }

  /// Whether the method did what it was asked to: true for the two tolerances alone.
  public var isSuccess: Bool { self == .gradientTolerance || self == .costTolerance }
}
