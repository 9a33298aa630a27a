/// Truncated Newton: each direction solves the Newton equations H p = −g roughly, by preconditioned
/// conjugate gradients in which H v is a difference of two gradients.
///
/// Sources: S. G. Nash, "Newton-type minimization via the Lanczos method", SIAM J. Numer. Anal. 21
/// (1984) 770–788, and "Preconditioning of truncated-Newton methods", SIAM J. Sci. Stat. Comput. 6
/// (1985) 599–616 (a diagonal updated from the products of the inner iterations); S. G. Nash and
/// A. Sofer, "Assessing a search direction within a truncated-Newton method", Oper. Res. Lett. 9
/// (1990) 219–221 (when to truncate). The conjugate gradients and the treatment of negative curvature
/// follow Nocedal and Wright (2006), algorithms 5.3 and 7.1.
struct TruncatedNewton: IterativeOptimizer {
  let settings: OptimizerSettings
  var iterate: Iterate
  /// The preconditioner M, an approximation of the diagonal of H learnt in the last inner iterations.
  private var diagonal: [Double]
  private var direction: [Double]
  private var workspace: Workspace

  /// The most inner iterations for one direction.
  private static let innerLimit = 50
  /// Truncate once an inner iteration adds less than this share of the mean one so far.
  private static let truncation = 0.5

  /// The vectors of the inner iterations; nothing in them outlives an iteration.
  private struct Workspace: Sendable {
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
    workspace = Workspace(residual: zero, conjugate: zero, product: zero, preconditioned: zero)
  }

  mutating func iterateOnce(_ objective: some Objective) throws {
    try findDirection(objective)
    let progress = try iterate.advance(
      along: &direction, isSteepest: false, firstStep: 1, LineSearch(), objective, settings)
    if progress == .restarted {
      for index in diagonal.indices { diagonal[index] = 1 }
    }
  }

  /// Minimises the model q(p) = ½ pᵀHp + gᵀp from p = 0 until the gain of an iteration is small.
  private mutating func findDirection(_ objective: some Objective) throws {
    let preconditioner = diagonal
    scale(iterate.gradient, by: -1, into: &workspace.residual)
    for index in direction.indices { direction[index] = 0 }
    var model = 0.0
    var previousProduct = 0.0
    let limit = max(1, min(Self.innerLimit, parameters.count / 2))

    for inner in 1...limit {
      divide(workspace.residual, by: preconditioner, into: &workspace.preconditioned)
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
    // No step was possible: the first conjugate direction is −M⁻¹g.
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

  /// The diagonal of the BFGS update of M with the pair (v, H v), which keeps it positive.
  private mutating func learnDiagonal(_ curvature: Double) {
    var weight = 0.0
    for index in diagonal.indices {
      weight += diagonal[index] * workspace.conjugate[index] * workspace.conjugate[index]
    }
    guard weight > 0, weight.isFinite else { return }
    for index in diagonal.indices {
      let entry = diagonal[index]
      let share = entry * workspace.conjugate[index]
      let product = workspace.product[index]
      diagonal[index] = max(
        entry - share * share / weight + product * product / curvature, 1e-10 * entry)
    }
  }

  mutating func visitState(_ archive: inout StateArchive) throws {
    try iterate.visit(&archive)
    try archive.visit(&diagonal, count: parameters.count)
  }
}
