import TrackerSystem

/// How a part of the analytic gradient is made of the numerical one and of θ: a = scale · n + slope · θ.
///
/// With n = d + p, d the data's part and p the penalty's, that says by which factors a holds d and p.
struct LinearRelation {
  /// The factor of the data's part; 1 where it is right.
  var scale: Double
  /// The slope of what is left on θ.
  var slope: Double
  /// The standard error of the slope.
  var slopeError: Double
  /// The factor of the penalty's part; 1 where it is right (0 in a bias row); `nil` without λ and m.
  var penaltyFactor: Double?
  /// The share of Σ (a − n)² that this explains.
  var explained: Double

  /// Whether the scale differs from 1 by more than a fit's error.
  var isScaled: Bool { abs(scale - 1) > 1e-6 }
}

/// Factors that a fault is known to make. A measured factor is given the name of one that it is within
/// a hundredth of.
enum KnownFactor {
  static func matches(_ value: Double, _ factor: Double, within relative: Double = 0.01) -> Bool {
    abs(value - factor) <= relative * max(abs(factor), 0.5)
  }

  /// Factors of the data's part that have a simple cause.
  static func isNaturalScale(_ scale: Double, exampleCount: Int?) -> Bool {
    let m = exampleCount.map(Double.init)
    let known = [-1, 2, 0.5, -2, -0.5] + (m.map { [$0, 1 / $0, -$0, -1 / $0] } ?? [])
    return known.contains { matches(scale, $0, within: 1e-3) }
  }

  /// Factors of the penalty's part that have a simple cause.
  static func isNaturalPenalty(_ factor: Double, exampleCount: Int?) -> Bool {
    let known = [0, 2, 0.5, -1] + (exampleCount.map { [Double($0)] } ?? [])
    return known.contains { matches(factor, $0, within: 0.05) }
  }
}

/// Chooses the simplest relation that explains a part as well as the best one does.
///
/// Of N entries and a relation with f numbers that were fitted to them, N − f are left to contradict it. What each of
/// them is met closer than by chance counts as in ``Match/bits``; a fitted number that turns out to be one of the few
/// that faults make counts too, by how near it comes to it. Twenty bits are asked for: a factor or a slope through one
/// or two entries alone is not evidence.
struct RelationSearch {
  let analytic: [Double]
  let numerical: [Double]
  let parameters: [Double]?
  let isBias: Bool
  let penalty: Double?
  let exampleCount: Int?
  /// What rounding and truncation are known to leave, per entry.
  let noise: Double

  private struct Model {
    let gamma: Double
    let delta: Double
    let deltaError: Double
    let squares: Double
    /// Σ of the squares that a fit must be small against: of the difference, or of what is scaled.
    let reference: Double
    /// How many numbers were fitted to these entries.
    let fitted: Int
    /// Whether fewer or rounder numbers describe it.
    var isNatural = false
    /// How near the fitted number comes to a natural one, in bits.
    var nearness = 0.0

    /// What speaks against an accident.
    func bits(entries: Int, floor: Double) -> Double {
      let rest = max(squares, floor, 1e-24 * reference)
      guard reference > rest else { return 0 }
      let each = min(0.5 * log2(reference / rest), 40)
      return Double(max(entries - fitted, 0)) * each + (isNatural ? min(nearness, each) : 0)
    }
  }

  /// The relation, or `nil` where none explains the difference.
  ///
  /// The fit is of n on a and θ, because the noise is in n: n = γ a + δ θ.
  func relation(scaleOfLayer: Double? = nil) -> LinearRelation? {
    let difference = zip(numerical, analytic).map { $0 - $1 }
    let total = dot(difference, difference)
    guard total > 0 else { return nil }
    let models = candidates(difference, scaleOfLayer: scaleOfLayer)
    let floor = noise * noise * Double(analytic.count)
    guard let best = models.map(\.squares).min() else { return nil }
    // A model that leaves 10⁻⁵ of the difference is as good as exact: a better one fits truncation.
    let limit = max(30 * best, floor, 1e-10 * total, 1e-22 * dot(numerical, numerical))
    // A factor that means nothing must fit exactly, or a ratio that merely varies little would pass for
    // it; one that does may leave some truncation. Few entries are fitted by chance.
    let fitting = models.filter { model in
      let share = model.isNatural ? (analytic.count < 12 ? 1e-5 : 0.02) : 1e-7
      return model.squares <= limit && model.squares <= max(share * model.reference, 9 * floor)
        && model.bits(entries: analytic.count, floor: floor / 16) >= 20
    }
    if let model = fitting.first(where: \.isNatural) ?? fitting.first {
      return relation(model, explained: 1 - model.squares / total)
    }
    // Where noise hides the size of the effect, its slope may still be known well enough.
    let significant = models.first { model in
      model.gamma == 1 && model.isNatural && model.fitted == 1 && analytic.count >= 8
        && abs(model.delta) > 12 * model.deltaError
    }
    return significant.map { relation($0, explained: 1 - $0.squares / total) }
  }

  private func relation(_ model: Model, explained: Double) -> LinearRelation {
    let scale = 1 / model.gamma
    let slope = -model.delta / model.gamma
    return LinearRelation(
      scale: scale, slope: slope, slopeError: model.deltaError * abs(scale),
      penaltyFactor: penalty.flatMap { penalty in
        penalty > 0 ? (isBias ? 0 : scale) + slope / penalty : nil
      }, explained: explained)
  }

  /// From few free numbers to many.
  private func candidates(_ difference: [Double], scaleOfLayer: Double?) -> [Model] {
    var models: [Model] = []
    let total = dot(difference, difference)
    let whole = min(total, dot(numerical, numerical))
    func add(
      _ gamma: Double, _ delta: Double, error: Double, _ residual: [Double], reference: Double,
      fitted: Int = 1
    ) {
      // No larger factor is a fault of scale: n does not depend on a at all.
      guard abs(gamma) > 1e-7, gamma.isFinite, delta.isFinite else { return }
      var model = Model(
        gamma: gamma, delta: delta, deltaError: error, squares: dot(residual, residual),
        reference: reference, fitted: fitted)
      model.isNatural = isNatural(gamma, delta)
      model.nearness = nearness(gamma, delta)
      models.append(model)
    }
    let theta = parameters.flatMap { theta in
      theta.contains { $0 != 0 } && !isAllPenalty(theta) ? theta : nil
    }
    let freeSlope = analytic.count >= 3
    if let theta, freeSlope, let fit = LeastSquares(difference, on: [theta]) {
      add(
        1, fit.coefficients[0], error: fit.standardErrors[0], fit.residual, reference: total)
    }
    if let theta, !freeSlope, isBias, let penalty {
      // Too few entries for a fit: the slopes that mean something.
      for slope in penaltySlopes(penalty) {
        let residual = zip(difference, theta).map { $0 + slope * $1 }
        add(1, -slope, error: 0, residual, reference: total, fitted: 0)
      }
    }
    if let scaleOfLayer {
      let gamma = 1 / scaleOfLayer
      let residual = zip(numerical, analytic).map { $0 - gamma * $1 }
      add(gamma, 0, error: 0, residual, reference: whole, fitted: 0)
    }
    if analytic.count >= 2, let fit = LeastSquares(numerical, on: [analytic]) {
      add(fit.coefficients[0], 0, error: 0, fit.residual, reference: whole)
    }
    guard let theta else { return models }
    if !isBias, let penalty, analytic.count >= 3 {
      let p = theta.map { $0 * penalty }
      let data = zip(numerical, p).map { $0 - $1 }
      let claimed = zip(analytic, p).map { $0 - $1 }
      let reference = min(total, dot(data, data))
      // The data's part scaled beside a right penalty, or beside none.
      if let fit = LeastSquares(data, on: [claimed]) {
        add(
          fit.coefficients[0], (1 - fit.coefficients[0]) * penalty, error: fit.standardErrors[0],
          fit.residual, reference: reference)
      }
      if let fit = LeastSquares(data, on: [analytic]) {
        add(
          fit.coefficients[0], penalty, error: fit.standardErrors[0], fit.residual,
          reference: reference)
      }
    }
    if analytic.count >= 5, let fit = LeastSquares(numerical, on: [analytic, theta]) {
      add(
        fit.coefficients[0], fit.coefficients[1], error: fit.standardErrors[1], fit.residual,
        reference: whole, fitted: 2)
    }
    return models
  }

  /// Whether the cost is squares of θ and nothing else, as far as is known: a factor and a slope then say the same, and the
  /// factor is the simpler.
  private func isAllPenalty(_ theta: [Double]) -> Bool {
    guard penalty == nil, let fit = LeastSquares(numerical, on: [theta]) else { return false }
    return fit.residualSquares < 1e-10 * dot(numerical, numerical)
  }

  /// λ/m, and what other conventions make of λ.
  private func penaltySlopes(_ penalty: Double) -> [Double] {
    let m = exampleCount.map(Double.init) ?? 1
    return m > 1 ? [penalty, penalty * m, -penalty, 2 * penalty] : [penalty, -penalty]
  }

  /// How near the one fitted number comes to one that means something, in bits: −log₂ of the distance.
  private func nearness(_ gamma: Double, _ delta: Double) -> Double {
    func bits(_ value: Double, _ known: [Double]) -> Double {
      let distance = known.map { abs(value / $0 - 1) }.min() ?? 1
      return max(0, -log2(max(distance, 1e-12)) - log2(Double(known.count)))
    }
    if gamma == 1, delta != 0, let penalty, penalty > 0 {
      return bits(abs(delta), penaltySlopes(penalty).map(abs) + [penalty / 2])
    }
    guard delta == 0 else { return 0 }
    let m = exampleCount.map(Double.init) ?? 1
    return bits(abs(gamma), [1, 2, 0.5] + (m > 1 ? [m, 1 / m] : []))
  }

  private func isNatural(_ gamma: Double, _ delta: Double) -> Bool {
    let scale = 1 / gamma
    let isPlain = gamma == 1
    guard isPlain || KnownFactor.isNaturalScale(scale, exampleCount: exampleCount) else {
      return false
    }
    // Without λ and m any slope is possible; only none at all means something.
    guard let penalty, penalty > 0 else { return delta == 0 }
    let own = isBias ? 0 : scale
    let factor = own - delta / gamma / penalty
    if isBias {
      let m = exampleCount.map(Double.init) ?? 1
      return abs(factor) < 1e-6
        || [1, -1, 2, m].contains { KnownFactor.matches(factor, $0, within: $0 == 1 ? 0.05 : 0.01) }
    }
    let isWhole = KnownFactor.matches(factor, scale, within: 1e-6)
    let isRight = KnownFactor.matches(factor, 1, within: 1e-6)
    if isPlain {
      return KnownFactor.isNaturalPenalty(factor, exampleCount: exampleCount)
    }
    return isWhole || isRight
      || KnownFactor.isNaturalPenalty(factor, exampleCount: exampleCount)
  }
}
