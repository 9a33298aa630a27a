/// A search along a direction for a step that meets the strong Wolfe conditions
/// φ(α) ≤ φ(0) + c₁ α φ′(0) and |φ′(α)| ≤ c₂ |φ′(0)|, where φ(α) = J(x + α d).
///
/// Source: J. J. Moré and D. J. Thuente, "Line search algorithms with guaranteed sufficient decrease",
/// ACM Trans. Math. Softw. 20 (1994) 286–307: the interval's update in section 2, the two functions φ
/// and ψ(α) = φ(α) − φ(0) − c₁ φ′(0) α in section 3, the four cases of the trial step in section 4.
///
/// A step to a cost or gradient that is NaN or infinite is too far, and the search turns back to half.
struct LineSearch {
  /// c₁, the share of the decrease promised by the slope that a step must reach.
  var sufficientDecrease = 1e-4
  /// c₂, the share of the slope that may be left.
  var curvature = 0.9
  var evaluationLimit = 40
  /// The longest step, as a multiple of the direction. Only a cost without a lower bound reaches it.
  var longestStep = 1e20

  enum Outcome {
    /// Both conditions hold.
    case wolfe
    /// The cost is low enough, but a step with a slope small enough was not found.
    case decreased
    /// The cost still falls steeply after the longest step, or is −∞.
    case unbounded
    /// No step lowers the cost enough. The iterate stays where it was.
    case failed
  }

  /// A step α with φ and φ′ there.
  struct Sample {
    var step: Double
    var cost: Double
    var slope: Double
  }

  /// Searches from `iterate` along `direction`, and accepts what it finds. A direction along which the
  /// cost does not fall to begin with has failed.
  func advance(
    _ iterate: inout Iterate, along direction: [Double], firstStep: Double,
    _ objective: some Objective
  ) throws -> Outcome {
    let slope = dot(iterate.gradient, direction)
    guard slope < 0, slope.isFinite else { return .failed }
    let start = Sample(step: 0, cost: iterate.cost, slope: slope)
    var bracket = LineSearchBracket(start: start, sufficientDecrease: sufficientDecrease)
    var step = min(max(firstStep, .leastNormalMagnitude), longestStep)
    // The shortest step known to be too far.
    var ceiling = Double.infinity

    for _ in 0..<evaluationLimit {
      add(iterate.parameters, step, direction, into: &iterate.otherParameters)
      let cost = try iterate.evaluateOther(objective)
      if cost == -.infinity {
        iterate.accept(cost: cost)
        return .unbounded
      }
      let trial = Sample(step: step, cost: cost, slope: dot(iterate.otherGradient, direction))
      guard cost.isFinite, trial.slope.isFinite, isFinite(iterate.otherGradient) else {
        ceiling = step
        step = bracket.best.step + 0.5 * (ceiling - bracket.best.step)
        continue
      }
      if bracket.isLowEnough(trial) {
        if trial.slope.magnitude <= curvature * slope.magnitude {
          iterate.accept(cost: cost)
          return .wolfe
        }
        if step >= longestStep, trial.slope < 0 {
          iterate.accept(cost: cost)
          return .unbounded
        }
      }
      guard let next = bracket.update(with: trial) else { break }
      step = min(next, longestStep)
      if step >= ceiling { step = bracket.best.step + 0.5 * (ceiling - bracket.best.step) }
    }

    // The best step so far is low enough by construction, but need not be the last one evaluated.
    guard bracket.isLowEnough(bracket.best) else { return .failed }
    add(iterate.parameters, bracket.best.step, direction, into: &iterate.otherParameters)
    iterate.accept(cost: try iterate.evaluateOther(objective))
    return .decreased
  }
}
