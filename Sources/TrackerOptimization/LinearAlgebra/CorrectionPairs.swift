/// The last steps s and gradient changes y, and the product with the inverse Hessian they stand for.
struct CorrectionPairs: Sendable {
  private var steps: [[Double]] = []
  private var changes: [[Double]] = []
  /// 1 / sᵀy of each pair.
  private var inverseProducts: [Double] = []
  /// The index of the oldest pair; the arrays are rings once they are full.
  private var oldest = 0
  /// γ = sᵀy / yᵀy of the newest pair, the usual scale of the inverse Hessian before all pairs.
  private(set) var scaling = 1.0
  /// Room for the next pair.
  private var step: [Double] = []
  private var change: [Double] = []

  var isEmpty: Bool { steps.isEmpty }

  mutating func removeAll() { self = CorrectionPairs() }

  /// Adds the pair between two points, unless its curvature is too small to be told from rounding.
  mutating func append(
    from parameters: [Double], _ gradient: [Double], to newParameters: [Double],
    _ newGradient: [Double], limit: Int
  ) {
    if step.count != parameters.count {
      step = [Double](repeating: 0, count: parameters.count)
      change = step
    }
    subtract(newParameters, parameters, into: &step)
    subtract(newGradient, gradient, into: &change)
    let product = dot(step, change)
    let square = dot(change, change)
    guard product > .ulpOfOne * square, product.isNormal, square.isFinite else { return }
    scaling = product / square
    if steps.count < limit {
      steps.append(step)
      changes.append(change)
      inverseProducts.append(1 / product)
    } else {
      swap(&step, &steps[oldest])
      swap(&change, &changes[oldest])
      inverseProducts[oldest] = 1 / product
      oldest = (oldest + 1) % steps.count
    }
  }

  /// vector ← H vector, by the two-loop recursion.
  ///
  /// Source: Nocedal and Wright, Numerical Optimization (2nd ed., 2006), algorithm 7.4.
  /// - Parameter initial: multiplies a vector with the inverse Hessian before all pairs
  func multiply(_ vector: inout [Double], initial: (inout [Double]) -> Void) {
    // From the newest pair to the oldest; each product is taken while the vector is changed by the pair before.
    let order = steps.indices.map { (oldest + steps.count - 1 - $0) % steps.count }
    guard let newest = order.first, let last = order.last else { return initial(&vector) }
    var coefficients = inverseProducts
    var product = dot(steps[newest], vector)
    for (age, index) in order.enumerated() {
      coefficients[index] *= product
      if index == last {
        axpy(-coefficients[index], changes[index], &vector)
      } else {
        product = axpyAndDot(
          -coefficients[index], changes[index], &vector, steps[order[age + 1]])
      }
    }
    initial(&vector)
    product = dot(changes[last], vector)
    for (age, index) in order.enumerated().reversed() {
      let factor = coefficients[index] - inverseProducts[index] * product
      if index == newest {
        axpy(factor, steps[index], &vector)
      } else {
        product = axpyAndDot(factor, steps[index], &vector, changes[order[age - 1]])
      }
    }
  }

  mutating func visit(_ archive: inout StateArchive, parameterCount: Int) throws {
    try archive.visit(&steps, count: parameterCount)
    try archive.visit(&changes, count: parameterCount)
    try archive.visit(&inverseProducts, count: steps.count)
    try archive.visit(&oldest)
    try archive.visit(&scaling)
    guard changes.count == steps.count, (0..<max(steps.count, 1)).contains(oldest) else {
      throw OptimizerError.damagedState("its pairs do not fit together")
    }
  }
}
