/// A linear fit of y on one or two columns, without an intercept.
struct LeastSquares {
  /// The factor of each column.
  let coefficients: [Double]
  /// Their standard errors, from the residual.
  let standardErrors: [Double]
  /// y less the fit.
  let residual: [Double]
  /// Σ residual².
  let residualSquares: Double

  /// `nil` where there are too few rows, or the columns are (all but) multiples of each other.
  init?(_ y: [Double], on columns: [[Double]]) {
    let freedom = y.count - columns.count
    guard freedom >= 0, let first = columns.first else { return nil }
    let a = dot(first, first)
    guard a > 0, a.isFinite else { return nil }
    var coefficients = [0.0, 0.0]
    var residual = y
    var inverse = [1 / a, 0.0]
    // The second pass fits what rounding left of the first.
    for _ in 0..<2 {
      var step = [dot(first, residual) / a, 0.0]
      if columns.count == 2 {
        let second = columns[1]
        let b = dot(first, second)
        let c = dot(second, second)
        let determinant = a * c - b * b
        guard determinant > 1e-9 * a * c else { return nil }
        let u = dot(first, residual)
        let v = dot(second, residual)
        step = [(c * u - b * v) / determinant, (a * v - b * u) / determinant]
        inverse = [c / determinant, a / determinant]
      }
      for (index, column) in columns.enumerated() {
        coefficients[index] += step[index]
        for row in residual.indices { residual[row] -= step[index] * column[row] }
      }
    }
    let squares = dot(residual, residual)
    let variance = freedom > 0 ? squares / Double(freedom) : 0
    self.coefficients = Array(coefficients.prefix(columns.count))
    standardErrors = inverse.prefix(columns.count).map { (variance * $0).squareRoot() }
    self.residual = residual
    residualSquares = squares
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

func median(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return .nan }
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
