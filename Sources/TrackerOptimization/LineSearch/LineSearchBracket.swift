/// The interval of Moré and Thuente's line search: its best end, its other end, and the next step to
/// try. Sections and cases are those of the paper that ``LineSearch`` names.
struct LineSearchBracket {
  typealias Sample = LineSearch.Sample

  private let start: Sample
  private let sufficientDecrease: Double
  /// The lowest end. It is low enough, or the start.
  private(set) var best: Sample
  private var other: Sample
  /// Whether a minimiser is known to lie between the two ends.
  private var isClosed = false
  /// Whether no step that is low enough and has a rising cost was seen yet.
  private var isFirstStage = true
  private var width = Double.infinity
  private var earlierWidth = Double.infinity

  init(start: Sample, sufficientDecrease: Double) {
    self.start = start
    self.sufficientDecrease = sufficientDecrease
    best = start
    other = start
  }

  /// Whether the cost is low enough. It must be below that of the start, too, as the promised
  /// decrease may be too small to change the cost it is taken from.
  func isLowEnough(_ sample: Sample) -> Bool {
    sample.cost < start.cost
      && sample.cost <= start.cost + sufficientDecrease * sample.step * start.slope
  }

  /// Shrinks or moves the interval by a new sample and answers the next step; `nil` once the
  /// interval is too narrow to hold one.
  mutating func update(with trial: Sample) -> Double? {
    if isLowEnough(trial), trial.slope >= 0 { isFirstStage = false }
    // While no step is low enough, ψ guides the search to where one is (section 3).
    let usesDifference = isFirstStage && trial.cost <= best.cost && !isLowEnough(trial)
    let low = usesDifference ? difference(best) : best
    let high = usesDifference ? difference(other) : other
    let middle = usesDifference ? difference(trial) : trial

    // An open interval is extended to between 2.1 and 5 times its length; the first step by any.
    let extent = trial.step - best.step
    let lower = best.step == 0 ? trial.step : trial.step + 1.1 * extent
    let upper = trial.step + 4 * extent
    var step = nextStep(low: low, high: high, trial: middle, lower: lower, upper: upper)

    if middle.cost > low.cost {
      other = trial
    } else {
      if middle.slope * low.slope < 0 { other = best }
      best = trial
    }
    return isClosed ? safeguarded(&step) : step
  }

  /// The trial step of section 4; closes the interval where the sample shows a minimiser in it.
  private mutating func nextStep(
    low: Sample, high: Sample, trial: Sample, lower: Double, upper: Double
  ) -> Double {
    let cubic = minimizerOfCubic(low, trial)
    // Case 1: a higher cost. The cubic's minimiser if it is the closer one to the best step, else
    // the mean with that of the parabola through both costs and the best slope.
    if trial.cost > low.cost {
      isClosed = true
      let extent = trial.step - low.step
      let rise = (trial.cost - low.cost) / extent
      let parabola = low.step + 0.5 * extent * low.slope / (low.slope - rise)
      guard let cubic else { return parabola }
      return abs(cubic - low.step) < abs(parabola - low.step)
        ? cubic : cubic + 0.5 * (parabola - cubic)
    }
    let secant =
      trial.step - trial.slope * (trial.step - low.step) / (trial.slope - low.slope)
    // Case 2: a slope of the other sign. Of cubic and secant, the one farther from the trial.
    if trial.slope * low.slope < 0 {
      isClosed = true
      guard let cubic else { return secant }
      return abs(cubic - trial.step) >= abs(secant - trial.step) ? cubic : secant
    }
    let isForward = trial.step > low.step
    // Case 3: a flatter slope of the same sign. The cubic may have no minimiser beyond the trial.
    if trial.slope.magnitude <= low.slope.magnitude, trial.slope != low.slope {
      let beyond = cubic.flatMap { ($0 > trial.step) == isForward ? $0 : nil }
      guard isClosed else {
        let farther = beyond.map { max($0, secant) } ?? upper
        return min(max(farther, lower), upper)
      }
      let closer = beyond.map { abs($0 - trial.step) < abs(secant - trial.step) ? $0 : secant }
      let limit = trial.step + 0.66 * (high.step - trial.step)
      return isForward ? min(limit, closer ?? secant) : max(limit, closer ?? secant)
    }
    // Case 4: a slope of the same sign that is as steep or steeper.
    guard isClosed else { return upper }
    return minimizerOfCubic(high, trial) ?? trial.step + 0.5 * (high.step - trial.step)
  }

  /// The step kept inside a closed interval, which is bisected where two updates have not shrunk it
  /// to two thirds (end of section 4).
  private mutating func safeguarded(_ step: inout Double) -> Double? {
    let newWidth = (other.step - best.step).magnitude
    if newWidth >= 0.66 * earlierWidth { step = best.step + 0.5 * (other.step - best.step) }
    earlierWidth = width
    width = newWidth
    let lower = min(best.step, other.step)
    let upper = max(best.step, other.step)
    if !(step > lower && step < upper) { step = lower + 0.5 * (upper - lower) }
    guard step > lower, step < upper, upper - lower > 1e-14 * upper else { return nil }
    return step
  }

  /// The sample in terms of ψ.
  private func difference(_ sample: Sample) -> Sample {
    let slope = sufficientDecrease * start.slope
    return Sample(
      step: sample.step, cost: sample.cost - start.cost - slope * sample.step,
      slope: sample.slope - slope)
  }
}

/// The minimiser of the cubic through two costs and slopes; `nil` where it has none.
///
/// Source: J. Nocedal and S. J. Wright, Numerical Optimization (2nd ed., 2006), eq. 3.59, with the
/// terms scaled against overflow.
private func minimizerOfCubic(_ a: LineSearch.Sample, _ b: LineSearch.Sample) -> Double? {
  let extent = b.step - a.step
  let first = a.slope + b.slope - 3 * (b.cost - a.cost) / extent
  let scale = max(first.magnitude, a.slope.magnitude, b.slope.magnitude)
  guard scale > 0, scale.isFinite else { return nil }
  let discriminant = (first / scale) * (first / scale) - (a.slope / scale) * (b.slope / scale)
  guard discriminant >= 0 else { return nil }
  let second = (extent > 0 ? scale : -scale) * discriminant.squareRoot()
  let step = b.step - extent * (b.slope + second - first) / (b.slope - a.slope + 2 * second)
  return step.isFinite ? step : nil
}
