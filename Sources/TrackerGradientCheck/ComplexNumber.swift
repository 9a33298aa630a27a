import TrackerSystem

/// A complex number: enough of one to write a cost function that is differentiated by a complex step.
public struct ComplexNumber: Hashable, Sendable, ExpressibleByFloatLiteral,
  ExpressibleByIntegerLiteral
{
  /// The real part.
  public var real: Double
  /// The imaginary part.
  public var imaginary: Double

  /// `real` + i · `imaginary`.
  public init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  /// A number.
  public init(floatLiteral value: Double) { self.init(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self.init(Double(value)) }

  /// The number with the opposite sign.
  public static prefix func - (z: ComplexNumber) -> ComplexNumber {
    ComplexNumber(-z.real, -z.imaginary)
  }

  /// The sum.
  public static func + (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber {
    ComplexNumber(a.real + b.real, a.imaginary + b.imaginary)
  }

  /// The difference.
  public static func - (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber {
    ComplexNumber(a.real - b.real, a.imaginary - b.imaginary)
  }

  /// The product.
  public static func * (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber {
    ComplexNumber(
      a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }

  /// Divides by the larger part of `b` first, so that neither the square of a large divisor nor that
  /// of a tiny step leaves the range (R. L. Smith, Algorithm 116, CACM 5 (1962) 435).
  public static func / (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber {
    if abs(b.real) >= abs(b.imaginary) {
      let ratio = b.imaginary / b.real
      let divisor = b.real + b.imaginary * ratio
      return ComplexNumber(
        (a.real + a.imaginary * ratio) / divisor, (a.imaginary - a.real * ratio) / divisor)
    }
    let ratio = b.real / b.imaginary
    let divisor = b.real * ratio + b.imaginary
    return ComplexNumber(
      (a.real * ratio + a.imaginary) / divisor, (a.imaginary * ratio - a.real) / divisor)
  }

  /// Adds to a number.
  public static func += (a: inout ComplexNumber, b: ComplexNumber) { a = a + b }
  /// Subtracts from a number.
  public static func -= (a: inout ComplexNumber, b: ComplexNumber) { a = a - b }
  /// Multiplies a number.
  public static func *= (a: inout ComplexNumber, b: ComplexNumber) { a = a * b }
}

extension ComplexNumber {
  /// |z|, without overflow on the way. The C library's `hypot` is another since glibc 2.35, and a program that is to
  /// run with earlier ones cannot ask for it.
  fileprivate var modulus: Double {
    let (larger, smaller) = (max(abs(real), abs(imaginary)), min(abs(real), abs(imaginary)))
    guard larger > 0, larger.isFinite else { return larger }
    let ratio = smaller / larger
    return larger * (1 + ratio * ratio).squareRoot()
  }
}

/// e^z.
public func exp(_ z: ComplexNumber) -> ComplexNumber {
  let modulus = exp(z.real)
  return ComplexNumber(modulus * cos(z.imaginary), modulus * sin(z.imaginary))
}

/// The principal logarithm.
public func log(_ z: ComplexNumber) -> ComplexNumber {
  ComplexNumber(log(z.modulus), atan2(z.imaginary, z.real))
}

/// sin z.
public func sin(_ z: ComplexNumber) -> ComplexNumber {
  ComplexNumber(
    sin(z.real) * cosh(z.imaginary), cos(z.real) * sinh(z.imaginary))
}

/// cos z.
public func cos(_ z: ComplexNumber) -> ComplexNumber {
  ComplexNumber(
    cos(z.real) * cosh(z.imaginary), -sin(z.real) * sinh(z.imaginary))
}

/// The hyperbolic tangent, by e^(−2|x|), which does not overflow.
public func tanh(_ z: ComplexNumber) -> ComplexNumber {
  let isNegative = z.real < 0
  let power = exp(isNegative ? z + z : -(z + z))
  let quotient = (1 - power) / (1 + power)
  return isNegative ? -quotient : quotient
}

/// The logistic function 1 / (1 + e^−z).
public func sigmoid(_ z: ComplexNumber) -> ComplexNumber {
  if z.real >= 0 { return 1 / (1 + exp(-z)) }
  let power = exp(z)
  return power / (1 + power)
}

/// The principal square root.
public func sqrt(_ z: ComplexNumber) -> ComplexNumber {
  let modulus = z.modulus
  guard modulus > 0 else { return 0 }
  // The larger part is a sum, the smaller its quotient, so that a tiny step is not cancelled away.
  let larger = ((abs(z.real) + modulus) / 2).squareRoot()
  let smaller = abs(z.imaginary) / (2 * larger)
  let sign = z.imaginary.sign == .minus ? -1.0 : 1.0
  return z.real >= 0 ? ComplexNumber(larger, sign * smaller) : ComplexNumber(smaller, sign * larger)
}
