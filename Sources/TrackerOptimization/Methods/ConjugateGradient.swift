/// Non-linear conjugate gradients.
///
/// Sources: W. W. Hager and H. Zhang, "A survey of nonlinear conjugate gradient methods", Pac. J.
/// Optim. 2 (2006) 35–58: the directions of section 7 with θ = 1, which fall by at least 3/4 ‖g‖²
/// whatever the line search does (their earlier CG_DESCENT is θ = 2; 1 needed fewer evaluations on
/// this module's problems); the bound on β is that of "A new conjugate gradient method with
/// guaranteed descent and an efficient line search", SIAM J. Optim. 16 (2005) 170–192, eqs. 1.5–1.6.
/// The line search is the one that this module's methods share.
struct ConjugateGradient: IterativeOptimizer {
  let settings: OptimizerSettings
  var iterate: Iterate
  /// The last direction; all zero before the first.
  private var direction: [Double]
  private var change: [Double]
  /// The last decrease of the cost, which the next first step is to bring again; 0 before the first.
  private var decrease = 0.0

  /// η of eq. 1.6 of the paper of 2005.
  private static let boundFactor = 0.01

  init(settings: OptimizerSettings, startingAt parameters: [Double]) {
    self.settings = settings
    iterate = Iterate(startingAt: parameters)
    direction = [Double](repeating: 0, count: parameters.count)
    change = direction
  }

  mutating func iterateOnce(_ objective: some Objective) throws {
    let isSteepest = iteration == 0
    if isSteepest { scale(gradient, by: -1, into: &direction) }
    let slope = dot(gradient, direction)
    let previousCost = cost
    // Nocedal and Wright (2006), eq. 3.60: as if the decrease were that of the last iteration.
    let expected = 2.02 * decrease / -slope
    let firstStep = expected > 0 && expected.isFinite ? expected : iterate.steepestStep
    let progress = try iterate.advance(
      along: &direction, isSteepest: isSteepest, firstStep: firstStep,
      LineSearch(curvature: 0.4), objective, settings)
    guard progress != .stopped else { return }
    decrease = previousCost - cost
    turn()
  }

  /// d ← −g + β d.
  private mutating func turn() {
    subtract(gradient, iterate.otherGradient, into: &change)
    let product = dot(direction, change)
    let square = dot(change, change)
    // (y − θ d ‖y‖² / dᵀy)ᵀ g
    let numerator = dot(change, gradient) - square / product * dot(direction, gradient)
    let length = norm(direction)
    let bound = -1 / (length * min(Self.boundFactor, norm(iterate.otherGradient)))
    let beta = max(numerator / product, bound)
    scale(&direction, by: product > 0 && beta.isFinite ? beta : 0)
    axpy(-1, gradient, &direction)
  }

  mutating func visitState(_ archive: inout StateArchive) throws {
    try iterate.visit(&archive)
    try archive.visit(&direction, count: parameters.count)
    try archive.visit(&decrease)
  }
}
