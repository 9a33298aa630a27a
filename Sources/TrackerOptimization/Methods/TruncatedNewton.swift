/// Truncated Newton: each direction solves the Newton equations H p = −g roughly, by preconditioned
/// conjugate gradients in which H v is a difference of two gradients.
///
/// Sources: S. G. Nash, "Newton-type minimization via the Lanczos method", SIAM J. Numer. Anal. 21
/// (1984) 770–788, and "Preconditioning of truncated-Newton methods", SIAM J. Sci. Stat. Comput. 6
/// (1985) 599–616: the preconditioner is a limited-memory BFGS matrix of the last steps on top of a
/// diagonal that learns from the products H v. Nash keeps two steps; with ten, training from saturated
/// initial weights no longer hangs on chance. When to truncate: S. G. Nash and A. Sofer,
/// "Assessing a search direction within a truncated-Newton method", Oper. Res. Lett. 9 (1990)
/// 219–221. The conjugate gradients, and what to do where the curvature is negative, are Nocedal and
/// Wright's (2006), algorithms 5.3 and 7.1.
struct TruncatedNewton: IterativeOptimizer {
  let settings: OptimizerSettings
  var iterate: Iterate
  /// An approximation of the diagonal of H, learnt from the products H v of earlier iterations.
  private var diagonal: [Double]
  /// The last steps, as many as ``OptimizerSettings/memory``; with ``diagonal``, the preconditioner.
  private var pairs = CorrectionPairs()
  private var direction: [Double]
  private var workspace: Workspace

  /// The most inner iterations for one direction.
  private static let innerLimit = 20
  /// Truncate once an inner iteration lowers the model by less than this share of the mean one so far.
  private static let truncation = 0.7

  /// The vectors of the inner iterations; nothing in them outlives an iteration.
  private struct Workspace: Sendable {
    var learntDiagonal: [Double]
    var residual: [Double]
    var conjugate: [Double]
    var product: [Double]
    var preconditioned: [Double]
  }

  init(settings: OptimizerSettings, startingAt parameters: [Double]) {
    self.settings = settings
    iterate = Iterate(startingAt: parameters)
    let zero = [Double](repeating: 0, count: parameters.count)
    diagonal = [Double](repeating: 1, count: parameters.count)
    direction = zero
    workspace = Workspace(
      learntDiagonal: diagonal, residual: zero, conjugate: zero, product: zero,
      preconditioned: zero)
  }

  mutating func iterateOnce(_ objective: some Objective) throws {
    scale(diagonal, by: 1, into: &workspace.learntDiagonal)
    try findDirection(objective)
    swap(&diagonal, &workspace.learntDiagonal)
    let progress = try iterate.advance(
      along: &direction, isSteepest: false, firstStep: firstStep, LineSearch(curvature: 0.25),
      objective, settings)
    if progress == .restarted {
      pairs.removeAll()
      for index in diagonal.indices { diagonal[index] = 1 }
    }
    if progress != .stopped {
      pairs.append(
        from: iterate.otherParameters, iterate.otherGradient, to: iterate.parameters,
        iterate.gradient, limit: settings.memory)
    }
  }

  /// The first step to try: the whole direction, unless it leads far away, as from saturated units, where the
  /// curvature is nearly 0. Nash's program allows a first step of length 10 in parameters that are divided by 1 + |x|.
  private var firstStep: Double {
    var squares = 0.0
    for index in direction.indices {
      let share = direction[index] / (1 + parameters[index].magnitude)
      squares += share * share
    }
    return min(1, 10 / squares.squareRoot())
  }

  /// Minimises the model q(p) = ½ pᵀHp + gᵀp from p = 0 until the gain of an iteration is small.
  private mutating func findDirection(_ objective: some Objective) throws {
    scale(iterate.gradient, by: -1, into: &workspace.residual)
    for index in direction.indices { direction[index] = 0 }
    var model = 0.0
    var previousProduct = 0.0
    let limit = max(1, min(Self.innerLimit, parameters.count / 2))

    for inner in 1...limit {
      scale(workspace.residual, by: 1, into: &workspace.preconditioned)
      pairs.multiply(&workspace.preconditioned) { divide(&$0, by: diagonal) }
      let residualProduct = dot(workspace.residual, workspace.preconditioned)
      guard residualProduct > 0, residualProduct.isFinite else { return }
      if inner == 1 {
        scale(workspace.preconditioned, by: 1, into: &workspace.conjugate)
      } else {
        scale(&workspace.conjugate, by: residualProduct / previousProduct)
        axpy(1, workspace.preconditioned, &workspace.conjugate)
      }
      previousProduct = residualProduct

      guard try multiplyByHessian(objective) else { break }
      let curvature = dot(workspace.conjugate, workspace.product)
      // Along a direction without positive curvature the model has no minimum.
      guard curvature > .ulpOfOne * dot(workspace.conjugate, workspace.conjugate) else { break }
      learnDiagonal(curvature)
      let step = residualProduct / curvature
      axpy(step, workspace.conjugate, &direction)
      axpy(-step, workspace.product, &workspace.residual)

      // q(p) = ½ pᵀ(g − r), as H p = −g − r for the residual r.
      let newModel = 0.5 * (dot(direction, gradient) - dot(direction, workspace.residual))
      if Double(inner) * (1 - model / newModel) <= Self.truncation { return }
      model = newModel
    }
    // No step was possible: the first conjugate direction, the preconditioned −g, is all there is.
    if model == 0 { swap(&direction, &workspace.conjugate) }
  }

  /// product ← (g(x + h v) − g(x)) / h for the conjugate direction v; false where that is not finite.
  private mutating func multiplyByHessian(_ objective: some Objective) throws -> Bool {
    let length = norm(workspace.conjugate)
    guard length > 0, length.isFinite else { return false }
    let difference = Double.ulpOfOne.squareRoot() * (1 + norm(parameters)) / length
    add(iterate.parameters, difference, workspace.conjugate, into: &iterate.otherParameters)
    _ = try iterate.evaluateOther(objective)
    subtract(iterate.otherGradient, iterate.gradient, into: &workspace.product)
    scale(&workspace.product, by: 1 / difference)
    return isFinite(workspace.product)
  }

  /// The diagonal of the BFGS update of the diagonal with the pair (v, H v): it stays positive.
  private mutating func learnDiagonal(_ curvature: Double) {
    var weight = 0.0
    for index in diagonal.indices {
      let entry = workspace.conjugate[index]
      weight += workspace.learntDiagonal[index] * entry * entry
    }
    guard weight > 0, weight.isFinite else { return }
    for index in diagonal.indices {
      let entry = workspace.learntDiagonal[index]
      let share = entry * workspace.conjugate[index]
      let product = workspace.product[index]
      workspace.learntDiagonal[index] = max(
        entry - share * share / weight + product * product / curvature, 1e-10 * entry)
    }
  }

  mutating func visitState(_ archive: inout StateArchive) throws {
    try iterate.visit(&archive)
    try archive.visit(&diagonal, count: parameters.count)
    try pairs.visit(&archive, parameterCount: parameters.count)
  }
}
