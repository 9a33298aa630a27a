/// One iteration of a method that searches along a line and can start afresh with the negative
/// gradient where its own direction fails.
extension Iterate {
  /// What an iteration did.
  enum Progress {
    /// A step was made along the method's direction.
    case stepped
    /// The method's direction failed, and a step was made along the negative gradient.
    case restarted
    /// No step was made; ``stopReason`` says why.
    case stopped
  }

  /// Searches along `direction`; where that is not a descent or fails, once more along −g.
  ///
  /// - Parameters:
  ///   - direction: the method's direction; −g where it was given up
  ///   - isSteepest: whether `direction` is −g to begin with, so that there is nothing to fall back on
  ///   - firstStep: the first step to try along `direction`
  mutating func advance(
    along direction: inout [Double], isSteepest: Bool, firstStep: Double, _ search: LineSearch,
    _ objective: some Objective, _ settings: OptimizerSettings
  ) throws -> Progress {
    let previousCost = cost
    var promised = -dot(gradient, direction) * firstStep
    var progress = Progress.stepped
    var outcome = try search.advance(&self, along: direction, firstStep: firstStep, objective)
    if outcome == .failed, !isSteepest {
      scale(gradient, by: -1, into: &direction)
      if !(promised > 0) { promised = dot(gradient, gradient) * steepestStep }
      progress = .restarted
      outcome = try search.advance(&self, along: direction, firstStep: steepestStep, objective)
    }
    switch outcome {
    case .wolfe, .decreased:
      checkTolerances(previousCost: previousCost, settings)
      return progress
    case .unbounded:
      stopReason = .unbounded
    case .failed:
      // A promise below a few units in the last place of the cost can be kept by no step.
      stopReason = promised <= 16 * cost.ulp ? .precisionLoss : .lineSearchFailed
    }
    return .stopped
  }

  /// The first step to try along −g where nothing is known of the curvature: one of length 1 at most.
  var steepestStep: Double { min(1, 1 / norm(gradient)) }
}
