import Testing
import TrackerGradientCheck
import TrackerOptimization

/// Σ exp(x) sin(y) over pairs, with its gradient.
private struct Waves: ComplexObjective {
  let parameterCount = 4
  var scale = 1.0

  func value(at x: [Double]) -> Double { value(at: x.map { ComplexNumber($0) }).real }

  func value(at x: [ComplexNumber]) -> ComplexNumber {
    let wave = exp(x[0]) * sin(x[1])
    let root = sqrt(x[2]) * log(x[3])
    let gate = tanh(x[0]) * sigmoid(x[1])
    return ComplexNumber(scale) * (wave + root + gate)
  }

  func valueAndGradient(at x: [Double], into gradient: inout [Double]) -> Double {
    let (a, b, c, d) = (x[0], x[1], x[2], x[3])
    let logistic = sigmoid(ComplexNumber(b)).real
    let hyperbolic = tanh(ComplexNumber(a)).real
    gradient = [
      exp(ComplexNumber(a)).real * sin(ComplexNumber(b)).real + (1 - hyperbolic * hyperbolic)
        * logistic,
      exp(ComplexNumber(a)).real * cos(ComplexNumber(b)).real + hyperbolic * logistic
        * (1 - logistic),
      log(ComplexNumber(d)).real / (2 * c.squareRoot()), c.squareRoot() / d,
    ].map { $0 * scale }
    return value(at: x)
  }
}

@Suite("Numerical gradients")
struct NumericalGradientTests {
  private let point = [0.3, -0.7, 1.9, 0.4]

  @Test(
    "Each method agrees with the gradient as far as its truncation allows",
    arguments: [(DifferenceMethod.central, 1e-7), (.forward, 1e-6), (.complexStep, 1e-15)])
  func methods(method: DifferenceMethod, error: Double) throws {
    let check = try checkGradient(of: Waves(), at: point, method: method)
    #expect(check.maxAbsoluteDifference < error)
    #expect(check.passed)
    #expect(check.checkedCount == 4)
  }

  @Test("A user's own cost is checked in a few lines")
  func ownFunction() throws {
    let objective = FunctionObjective(parameterCount: 2) { x in
      x[0] * x[0] + 3 * x[0] * x[1]
    } gradient: { x in
      [2 * x[0] + 3 * x[1], 3 * x[1]]
    }
    let check = try checkGradient(of: objective, at: [1, 2])
    #expect(!check.passed)
    #expect(check.failedCount == 1)
    #expect(check.worst[0].index == 1)
    #expect(check.worst[0].analytic == 6)
    #expect(abs(check.worst[0].numerical - 3) < 1e-9)
  }

  @Test("A step that is not a step, a wrong length and a real function's complex step are errors")
  func errors() {
    let real = FunctionObjective(parameterCount: 1) {
      $0[0]
    } gradient: { _ in
      [1]
    }
    #expect(throws: GradientCheckError.invalidEpsilon(0)) {
      try numericalGradient(of: real, at: [1], epsilon: 0)
    }
    #expect(throws: GradientCheckError.invalidEpsilon(1e-30)) {
      try numericalGradient(of: real, at: [1], epsilon: 1e-30)
    }
    #expect(throws: GradientCheckError.lengthDiffers(expected: 1, found: 2)) {
      try numericalGradient(of: real, at: [1, 2], epsilon: 1e-4)
    }
    #expect(throws: GradientCheckError.notComplex) {
      try numericalGradient(of: real, at: [1], method: .complexStep, epsilon: 1e-20)
    }
  }

  @Test("Progress is told after each parameter, and what it throws ends the work")
  func progress() throws {
    var seen: [Int] = []
    _ = try numericalGradient(of: Waves(), at: point, epsilon: 1e-4) { done, count in
      #expect(count == 4)
      seen.append(done)
    }
    #expect(seen == [1, 2, 3, 4])
    struct Enough: Error {}
    #expect(throws: Enough.self) {
      try numericalGradient(of: Waves(), at: point, epsilon: 1e-4) { _, _ in throw Enough() }
    }
  }

  @Test("Rounding is told from a fault by ulp(J)/ε")
  func rounding() throws {
    let check = try checkGradient(of: Waves(scale: 1e6), at: point, epsilon: 1e-12)
    // The tolerance grows with what rounding alone may do.
    #expect(check.passed)
    let strict = GradientCheck(
      analytic: check.analytic, numerical: check.numerical, parameters: point, cost: check.cost,
      layout: check.layout, method: .central, epsilon: 1e-12)
    #expect(!strict.passed)
  }

  @Test(
    "Random directions test a whole gradient, by every method",
    arguments: DifferenceMethod.allCases)
  func directions(method: DifferenceMethod) throws {
    let right = try checkGradientDirections(of: Waves(), at: point, count: 5, method: method)
    #expect(right.passed)
    #expect(right.directions.count == 5)
    let wrong = FunctionObjective(parameterCount: 4) {
      Waves().value(at: $0)
    } gradient: {
      var gradient = [Double](repeating: 0, count: 4)
      _ = Waves().valueAndGradient(at: $0, into: &gradient)
      return gradient.map { -$0 }
    }
    guard method != .complexStep else { return }
    #expect(try !checkGradientDirections(of: wrong, at: point, count: 3, method: method).passed)
  }
}

@Suite("Complex numbers")
struct ComplexTests {
  @Test(
    "Functions agree with their derivatives by a tiny step, on both sides of 0",
    arguments: [-3.0, -0.4, 0.2, 2.5, 40, -800, 800])
  func derivatives(x: Double) {
    func derivative(_ function: (ComplexNumber) -> ComplexNumber) -> Double {
      function(ComplexNumber(x, 1e-20)).imaginary / 1e-20
    }
    func value(_ function: (ComplexNumber) -> ComplexNumber) -> Double {
      function(ComplexNumber(x)).real
    }
    let hyperbolic = value(tanh)
    let logistic = value(sigmoid)
    #expect(abs(derivative(tanh) - (1 - hyperbolic * hyperbolic)) < 1e-15)
    #expect(abs(derivative(sigmoid) - logistic * (1 - logistic)) < 1e-15)
    #expect(abs(derivative(sin) - value(cos)) < 1e-15)
    #expect(abs(derivative(cos) + value(sin)) < 1e-15)
    guard x > 0 else {
      let root = sqrt(ComplexNumber(x, 1e-20))
      #expect(abs(root.imaginary / (-x).squareRoot() - 1) < 1e-14)
      return
    }
    #expect(abs(derivative(sqrt) * 2 * x.squareRoot() - 1) < 1e-14)
    #expect(abs(derivative(log) * x - 1) < 1e-14)
  }

  @Test("Division undoes multiplication, whichever part of the divisor is larger")
  func division() {
    let a = ComplexNumber(2, -3)
    for b in [
      ComplexNumber(0.5, 4), ComplexNumber(-4, 0.5), ComplexNumber(1e200, 1e199),
      ComplexNumber(1e-300, 0),
    ] {
      let quotient = a / b * b
      #expect(abs(quotient.real - 2) < 1e-14 && abs(quotient.imaginary + 3) < 1e-14)
    }
  }
}
