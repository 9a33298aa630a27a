/// BFGS with the whole inverse Hessian.
///
/// Source: Nocedal and Wright, Numerical Optimization (2nd ed., 2006), algorithm 6.1 from H = I, with
/// the update of eq. 6.17 and the first step of eq. 3.60. Multiplied out, the update is of rank two,
/// H + s wᵀ + w sᵀ with w = ½ ρ (1 + ρ yᵀH y) s − ρ H y and ρ = 1 / yᵀs, which takes O(n²); to
/// multiply the three matrices of eq. 6.17 takes O(n³).
///
/// The scaling of eq. 6.20 is left out: on ill-conditioned costs the first step runs along the
/// steepest direction, and 1 / its curvature is far too short for all the others.
struct DenseBFGS: IterativeOptimizer {
  let settings: OptimizerSettings
  var iterate: Iterate
  private var inverse: InverseHessian
  /// The last decrease of the cost; 0 before the first.
  private var decrease = 0.0
  private var direction: [Double]
  private var step: [Double]
  private var change: [Double]
  private var product: [Double]

  init(settings: OptimizerSettings, startingAt parameters: [Double]) {
    self.settings = settings
    iterate = Iterate(startingAt: parameters)
    inverse = InverseHessian(count: parameters.count)
    direction = [Double](repeating: 0, count: parameters.count)
    step = direction
    change = direction
    product = direction
  }

  mutating func iterateOnce(_ objective: some Objective) throws {
    let previousCost = cost
    inverse.multiply(gradient, into: &direction)
    scale(&direction, by: -1)
    let isSteepest = inverse.isIdentity
    // As if the decrease were that of the last iteration, which keeps the first steps short until H
    // has learnt the scale; 1 in the end.
    let expected = 2.02 * decrease / -dot(gradient, direction)
    let progress = try iterate.advance(
      along: &direction, isSteepest: isSteepest,
      firstStep: isSteepest ? iterate.steepestStep : min(1, expected), LineSearch(), objective,
      settings)
    if progress == .restarted { inverse = InverseHessian(count: parameters.count) }
    guard progress != .stopped else { return }
    decrease = previousCost - cost
    update()
  }

  /// H ← H + s wᵀ + w sᵀ, unless the curvature is too small to be told from rounding.
  private mutating func update() {
    subtract(parameters, iterate.otherParameters, into: &step)
    subtract(gradient, iterate.otherGradient, into: &change)
    let curvature = dot(step, change)
    let square = dot(change, change)
    guard curvature > .ulpOfOne * square, curvature.isNormal, square.isFinite else { return }
    inverse.multiply(change, into: &product)
    let rho = 1 / curvature
    let weight = 0.5 * rho * (1 + rho * dot(change, product))
    scale(&product, by: -rho)
    axpy(weight, step, &product)
    inverse.update(step, product)
  }

  mutating func visitState(_ archive: inout StateArchive) throws {
    try iterate.visit(&archive)
    try inverse.visit(&archive)
    try archive.visit(&decrease)
  }
}
