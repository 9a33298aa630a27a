/// A linear fit of y on a few columns, without an intercept, by modified Gram–Schmidt (Å. Björck, BIT 7
/// (1967) 1): y is made orthogonal to each column in turn, so that an exact fit leaves rounding alone.
struct LeastSquares {
  /// The factor of each column.
  let coefficients: [Double]
  /// Their standard errors, from the residual.
  let standardErrors: [Double]
  /// Σ residual².
  let residualSquares: Double
  /// y less the fit.
  let residual: [Double]

  /// `nil` where there are too few rows, or a column is (all but) a combination of the others.
  init?(_ y: [Double], on columns: [[Double]]) {
    let count = columns.count
    guard count > 0, y.count >= count else { return nil }
    var basis = columns
    var residual = y
    // Upper triangular, with ones on the diagonal: columns = basis · triangle.
    var triangle = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    var projections = [Double](repeating: 0, count: count)
    var norms = [Double](repeating: 0, count: count)
    for j in 0..<count {
      norms[j] = dot(basis[j], basis[j])
      guard norms[j] > 1e-9 * dot(columns[j], columns[j]), norms[j].isFinite else { return nil }
      triangle[j][j] = 1
      for k in j + 1..<max(count, j + 1) {
        triangle[j][k] = dot(basis[j], basis[k]) / norms[j]
        for row in y.indices { basis[k][row] -= triangle[j][k] * basis[j][row] }
      }
      projections[j] = dot(basis[j], residual) / norms[j]
      for row in y.indices { residual[row] -= projections[j] * basis[j][row] }
    }
    let squares = dot(residual, residual)
    let freedom = y.count - count
    let variance = freedom > 0 ? squares / Double(freedom) : 0
    coefficients = Self.solve(triangle, projections)
    // The columns of the triangle's inverse, weighted by 1 / norms, make the covariance.
    let inverse = (0..<count).map { k -> [Double] in
      var unit = [Double](repeating: 0, count: count)
      unit[k] = 1
      return Self.solve(triangle, unit)
    }
    standardErrors = (0..<count).map { j in
      var sum = 0.0
      for k in 0..<count { sum += inverse[k][j] * inverse[k][j] / norms[k] }
      return (variance * sum).squareRoot()
    }
    self.residual = residual
    residualSquares = squares
  }

  private static func solve(_ triangle: [[Double]], _ right: [Double]) -> [Double] {
    var solution = right
    for j in stride(from: right.count - 1, through: 0, by: -1) {
      for k in j + 1..<max(right.count, j + 1) { solution[j] -= triangle[j][k] * solution[k] }
    }
    return solution
  }
}

func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for index in a.indices { sum += a[index] * b[index] }
  return sum
}

/// The root of the mean square; 0 of nothing.
func rootMeanSquare(_ a: [Double]) -> Double {
  a.isEmpty ? 0 : (dot(a, a) / Double(a.count)).squareRoot()
}

/// The cosine between two vectors, so that a factor does not matter; 0 where one of them vanishes.
func cosine(_ a: [Double], _ b: [Double]) -> Double {
  let norms = (dot(a, a) * dot(b, b)).squareRoot()
  return norms > 0 ? dot(a, b) / norms : 0
}
