import TrackerSystem

/// Student's t distribution.
package struct StudentT: Hashable, Sendable {
  /// Degrees of freedom; above 0, and not necessarily whole.
  package let degreesOfFreedom: Double

  /// The distribution with these degrees of freedom.
  package init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0)
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability of a value at least as far from 0 as `t`, on either side: I_x(ν/2, 1/2) with
  /// x = ν / (ν + t²) (DLMF 8.17; Abramowitz and Stegun 26.7.1).
  package func twoSidedTail(_ t: Double) -> Double {
    if t.isNaN { return .nan }
    if t.isInfinite { return 0 }
    let nu = degreesOfFreedom
    return regularizedIncompleteBeta(
      nu / (nu + t * t), complement: t * t / (nu + t * t), nu / 2, 0.5)
  }

  /// The t that is exceeded, on either side, with this probability: the inverse of ``twoSidedTail(_:)``.
  package func twoSidedQuantile(tail probability: Double) -> Double {
    guard probability > 0 else { return .infinity }
    guard probability < 1 else { return 0 }
    var low = 0.0
    var high = 1.0
    while twoSidedTail(high) > probability {
      low = high
      high *= 2
      if high.isInfinite { return .infinity }
    }
    // Bisection to the last bit: tails fall monotonically, and sixty halvings are nothing here.
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return middle }
      if twoSidedTail(middle) > probability { low = middle } else { high = middle }
    }
  }
}

/// I_x(a, b), the regularised incomplete beta function, with 1 − x given apart so that no digits are
/// lost near 1.
///
/// Source: the continued fraction DLMF 8.17.22, evaluated by Lentz's method (Lentz, Applied Optics 15,
/// 1976), on the side of the mean where it converges fast.
func regularizedIncompleteBeta(_ x: Double, complement: Double, _ a: Double, _ b: Double) -> Double
{
  if x <= 0 { return 0 }
  if complement <= 0 { return 1 }
  guard x <= (a + 1) / (a + b + 2) else {
    return 1 - regularizedIncompleteBeta(complement, complement: x, b, a)
  }
  // Near 1 the other one has the digits.
  let logX = complement < 0.5 ? log1p(-complement) : log(x)
  let logComplement = x < 0.5 ? log1p(-x) : log(complement)
  let (larger, smaller) = (max(a, b), min(a, b))
  let front =
    exp(logGammaRatio(larger, smaller) - lgamma(smaller) + a * logX + b * logComplement) / a
  let tiny = 1e-300
  var c = 1.0
  var d = 1 - (a + b) * x / (a + 1)
  d = 1 / (abs(d) < tiny ? tiny : d)
  var fraction = d
  for m in 1...100_000 {
    let m = Double(m)
    for numerator in [
      m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
      -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
    ] {
      d = 1 + numerator * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + numerator / c
      if abs(c) < tiny { c = tiny }
      fraction *= d * c
    }
    if abs(d * c - 1) < 1e-16 { break }
  }
  return front * fraction
}

/// ln Γ(a + b) − ln Γ(a). For large a the two agree in most of their digits, and what remains comes from
/// Stirling's series (DLMF 5.11.1).
private func logGammaRatio(_ a: Double, _ b: Double) -> Double {
  guard a > 20 else { return lgamma(a + b) - lgamma(a) }
  func correction(_ z: Double) -> Double {
    let square = 1 / (z * z)
    return (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680))) / z
  }
  return (a - 0.5) * log1p(b / a) + b * log(a + b) - b + correction(a + b) - correction(a)
}
