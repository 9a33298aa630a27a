/// Which penalty the cost has, and what of it is in the gradient, where a − n is a multiple of θ.
///
/// The slope k of a − n on θ is known exactly; it is what the gradient has, f c, less what the cost has, c. Our own
/// convention is c = λ/m. Others leave out 1/m (c = λ), the ½ (c = 2λ/m) or both (c = 2λ), and the faults are f = 0
/// (missing), 2 (doubled), ½ (a ½ too many) and −1 (subtracted). What k alone leaves open, the gradient's own slope on
/// θ, f c, decides: behind a softmax the rows of the last layer's data part sum to 0, which gives it exactly; else
/// θ is taken to have nothing to do with the data's part, which gives it with a standard error.
struct PenaltyReading {
  /// c, as a multiple of λ/m.
  let convention: Double
  /// f.
  let factor: Double
  /// Whether the convention is λ/2m Σ θ².
  var isOurs: Bool { convention == 1 }
  /// The slope of the gradient's own penalty on θ, if it was measured.
  let measured: (slope: Double, error: Double)?

  /// - Parameters:
  ///   - slope: k
  ///   - penalty: λ/m
  ///   - layers: those with this slope
  init?(slope: Double, penalty: Double, layers: [LayerEvidence], _ evidence: Evidence) {
    let m = evidence.exampleCount.map(Double.init) ?? 1
    let measured = Self.ownSlope(layers, evidence)
    self.measured = measured
    let conventions = m > 2 ? [1, m, 2, 2 * m] : [1, 2]
    var best: (convention: Double, factor: Double, distance: Double)?
    for convention in conventions {
      for factor in [0, 2, 0.5, -1] {
        let expected = (factor - 1) * convention * penalty
        guard abs(slope / expected - 1) < 2e-3 else { continue }
        var distance = 0.0
        if let measured {
          let excess = abs(measured.slope - factor * convention * penalty) - 5 * measured.error
          distance = max(0, excess / abs(slope) - 0.05)
        }
        // Of those that fit alike, the first is the simplest.
        if best.map({ distance < $0.distance - 0.1 }) ?? true {
          best = (convention, factor, distance)
        }
      }
    }
    guard let best else { return nil }
    (convention, factor) = (best.convention, best.factor)
  }

  private static func ownSlope(
    _ layers: [LayerEvidence], _ evidence: Evidence
  ) -> (slope: Double, error: Double)? {
    if let last = evidence.last, layers.contains(where: { $0.number == last.number }),
      let exact = conserved(last)
    {
      return exact
    }
    let analytic = layers.flatMap(\.weights.analytic)
    let theta = layers.flatMap { $0.weights.parameters ?? [] }
    guard theta.count == analytic.count, theta.count >= 12,
      let fit = LeastSquares(analytic, on: [theta])
    else { return nil }
    return (fit.coefficients[0], fit.standardErrors[0])
  }

  /// From the rows' sums of the last layer, if they are a multiple of those of θ to 10⁻⁴.
  private static func conserved(_ last: LayerEvidence) -> (slope: Double, error: Double)? {
    guard let theta = last.parameters, last.columns > 1, last.plan.inputs >= 4 else { return nil }
    let rows = (0..<last.rows).filter { $0 != last.biasRow }
    func sums(_ matrix: [Double]) -> [Double] {
      rows.map { last.row($0, of: matrix).reduce(0, +) }
    }
    let analytic = sums(last.analytic)
    guard let fit = LeastSquares(analytic, on: [sums(theta)]),
      rootMeanSquare(fit.residual) < 1e-4 * rootMeanSquare(last.weights.analytic)
    else { return nil }
    return (fit.coefficients[0], fit.standardErrors[0])
  }
}
