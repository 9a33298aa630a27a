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

  /// Searches along `direction`; where that is no descent or fails, once more along −g.
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
    var promised = 0.0
    for attempt in 0..<2 {
      if attempt == 1 { scale(gradient, by: -1, into: &direction) }
      let steepest = isSteepest || attempt == 1
      let slope = dot(gradient, direction)
      guard slope < 0, slope.isFinite else {
        if steepest { break }
        continue
      }
      let step = attempt == 0 ? firstStep : steepestStep
      promised = max(promised, attempt == 0 ? -slope * step : 0)
      switch try search.advance(
        &self, along: direction, slope: slope, firstStep: step, objective)
      {
      case .wolfe, .decreased:
        checkTolerances(previousCost: previousCost, settings)
        return attempt == 0 ? .stepped : .restarted
      case .unbounded:
        stopReason = .unbounded
        return .stopped
      case .failed: break
      }
      if steepest { break }
    }
    // A promise below a few units in the last place of the cost cannot be kept by any step.
    stopReason = promised <= 16 * cost.ulp ? .precisionLoss : .lineSearchFailed
    return .stopped
  }

  /// The first step to try along −g where nothing is known of the curvature: one of length 1 at most.
  var steepestStep: Double { min(1, 1 / norm(gradient)) }
}
