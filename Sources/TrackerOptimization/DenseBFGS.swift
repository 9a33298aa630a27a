/// BFGS with the whole inverse Hessian.
///
/// Source: Nocedal and Wright, Numerical Optimization (2nd ed., 2006), algorithm 6.1: the update of
/// eq. 6.17, and the scaling of eq. 6.20 before the first. Multiplied out, the update is of rank two,
/// H + s wᵀ + w sᵀ with w = ½ ρ (1 + ρ yᵀH y) s − ρ H y and ρ = 1 / yᵀs, which is O(n²); to multiply
/// the three matrices of eq. 6.17 is O(n³).
struct DenseBFGS: IterativeOptimizer {
  let settings: OptimizerSettings
  var iterate: Iterate
  /// `nil` before the first update, when the direction is −g.
  private var inverse: InverseHessian?
  private var direction: [Double]
  private var step: [Double]
  private var change: [Double]
  private var product: [Double]

  init(settings: OptimizerSettings, startingAt parameters: [Double]) {
    self.settings = settings
    iterate = Iterate(startingAt: parameters)
    direction = [Double](repeating: 0, count: parameters.count)
    step = direction
    change = direction
    product = direction
  }

  mutating func iterateOnce(_ objective: some Objective) throws {
    let isSteepest = inverse == nil
    if let inverse { inverse.multiply(gradient, into: &direction) }
    scale(inverse == nil ? gradient : direction, by: -1, into: &direction)
    let progress = try iterate.advance(
      along: &direction, isSteepest: isSteepest, firstStep: isSteepest ? iterate.steepestStep : 1,
      LineSearch(), objective, settings)
    if progress == .restarted { inverse = nil }
    if progress != .stopped { update() }
  }

  private mutating func update() {
    subtract(parameters, iterate.otherParameters, into: &step)
    subtract(gradient, iterate.otherGradient, into: &change)
    let curvature = dot(step, change)
    let square = dot(change, change)
    guard curvature > .ulpOfOne * square, curvature.isNormal, square.isFinite else { return }
    if inverse == nil {
      inverse = InverseHessian(count: parameters.count, scaling: curvature / square)
    }
    inverse?.multiply(change, into: &product)
    let rho = 1 / curvature
    let weight = 0.5 * rho * (1 + rho * dot(change, product))
    scale(&product, by: -rho)
    axpy(weight, step, &product)
    inverse?.update(step, product)
  }

  mutating func visitState(_ archive: inout StateArchive) throws {
    try iterate.visit(&archive)
    let blank = InverseHessian(count: parameters.count, scaling: 1)
    try archive.visit(&inverse, blank: blank) { try $1.visit(&$0) }
  }
}
