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
    /// Whether fewer or rounder numbers describe it.
    var isNatural = false
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
    }
    if let model = fitting.first(where: \.isNatural) ?? fitting.first {
      return relation(model, explained: 1 - model.squares / total)
    }
    // Where noise hides the size of the effect, its slope may still be known well enough.
    let significant = models.first { model in
      model.gamma == 1 && model.isNatural && abs(model.delta) > 12 * model.deltaError
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
      _ gamma: Double, _ delta: Double, error: Double, _ residual: [Double], reference: Double
    ) {
      // No larger factor is a fault of scale: n does not depend on a at all.
      guard abs(gamma) > 1e-7, gamma.isFinite, delta.isFinite else { return }
      var model = Model(
        gamma: gamma, delta: delta, deltaError: error, squares: dot(residual, residual),
        reference: reference)
      model.isNatural = isNatural(gamma, delta)
      models.append(model)
    }
    let theta = parameters.flatMap { theta in theta.contains { $0 != 0 } ? theta : nil }
    let freeSlope = analytic.count >= 3
    if let theta, freeSlope, let fit = LeastSquares(difference, on: [theta]) {
      add(
        1, fit.coefficients[0], error: fit.standardErrors[0], fit.residual, reference: total)
    }
    if let theta, !freeSlope, isBias, let penalty {
      // Too few entries for a fit: the one slope that means something.
      let residual = zip(difference, theta).map { $0 + penalty * $1 }
      add(1, -penalty, error: 0, residual, reference: total)
    }
    if let scaleOfLayer {
      let gamma = 1 / scaleOfLayer
      let residual = zip(numerical, analytic).map { $0 - gamma * $1 }
      add(gamma, 0, error: 0, residual, reference: whole)
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
        reference: whole)
    }
    return models
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
    if isBias { return abs(factor) < 1e-6 || KnownFactor.matches(factor, 1, within: 0.05) }
    let isWhole = KnownFactor.matches(factor, scale, within: 1e-6)
    let isRight = KnownFactor.matches(factor, 1, within: 1e-6)
    if isPlain {
      return KnownFactor.isNaturalPenalty(factor, exampleCount: exampleCount)
    }
    return isWhole || isRight
      || KnownFactor.isNaturalPenalty(factor, exampleCount: exampleCount)
  }
}
