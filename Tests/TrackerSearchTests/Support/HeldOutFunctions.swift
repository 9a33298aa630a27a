import TrackerSearch
import TrackerSystem

/// Functions that no setting of the search was chosen on; Fixtures/make_held_out.py has the same ones.
extension TestFunction {
  static let heldOut = [
    levy, styblinskiTang, ackley, network, hartmann3, rastrigin, sixHumpCamel, forest,
  ]

  /// A function of what options would be: numbers as they would be typed, and the index of a choice.
  private static func ofOptions(
    _ name: String, _ domains: [Domain], value: @escaping @Sendable ([Double]) -> Double
  ) -> TestFunction {
    TestFunction(name: name, dimensions: domains.map(\.dimension)) { coordinates in
      value(
        zip(domains, coordinates).map { domain, coordinate in
          domain.dimension == .interval
            ? Double(domain.text(at: coordinate)) ?? .nan : coordinate
        })
    }
  }

  private static func ofNumbers(
    _ name: String, count: Int, _ range: ClosedRange<Double>,
    value: @escaping @Sendable ([Double]) -> Double
  ) -> TestFunction {
    ofOptions(
      name, Array(repeating: .real(range, isLogarithmic: false), count: count), value: value)
  }

  static let levy = ofNumbers("levy", count: 4, -10...10) { x in
    let w: [Double] = x.map { 1 + ($0 - 1) / 4 }
    var sum: Double = square(sin(.pi * w[0]))
    for v in w.dropLast() {
      let factor: Double = 1 + 10 * square(sin(.pi * v + 1))
      sum += square(v - 1) * factor
    }
    let factor: Double = 1 + square(sin(2 * .pi * w[3]))
    return sum + square(w[3] - 1) * factor
  }

  static let styblinskiTang = ofNumbers("styblinskiTang", count: 5, -5...5) { x in
    var sum: Double = 0
    for v in x { sum += square(square(v)) - 16 * square(v) + 5 * v }
    return sum / 2
  }

  static let ackley = ofNumbers("ackley", count: 5, -15...30) { x in
    let squares: Double = x.map(square).reduce(0, +)
    let waves: Double = x.map { cos(2 * .pi * $0) }.reduce(0, +)
    let bowl: Double = -20 * exp(-0.2 * (squares / 5).squareRoot())
    return bowl - exp(waves / 5) + 20 + M_E
  }

  /// An activation, layers, units, a learning rate that depends on both, and a dropout that wants more units.
  static let network = ofOptions(
    "network",
    [
      .choices(["sigmoid", "tanh", "relu"]), .integer(1...5, isLogarithmic: false),
      .integer(8...512, isLogarithmic: true), .real(1e-6...1, isLogarithmic: true),
      .real(0...0.9, isLogarithmic: false),
    ]
  ) { x in
    let offsets: [Double] = [0.3, 0.1, 0]
    let rates: [Double] = [-0.5, -2, -3]
    let kind = Int(x[0])
    let (layers, units, rate, dropout) = (x[1], log2(x[2]), log10(x[3]), x[4])
    var sum: Double = offsets[kind]
    sum += square(rate - rates[kind] + 0.3 * layers)
    sum += 0.2 * square(layers - 3)
    sum += 0.3 * square(units - 6.5 - 4 * dropout)
    return sum + 5 * square(dropout - 0.2)
  }

  static let hartmann3 = ofNumbers("hartmann3", count: 3, 0...1) { x in
    let rows: [(alpha: Double, a: [Double], p: [Double])] = [
      (1.0, [3, 10, 30], [0.3689, 0.1170, 0.2673]),
      (1.2, [0.1, 10, 35], [0.4699, 0.4387, 0.7470]),
      (3.0, [3, 10, 30], [0.1091, 0.8732, 0.5547]),
      (3.2, [0.1, 10, 35], [0.0381, 0.5743, 0.8828]),
    ]
    var sum: Double = 0
    for row in rows {
      var distance: Double = 0
      for axis in 0..<3 { distance += row.a[axis] * square(x[axis] - row.p[axis]) }
      sum -= row.alpha * exp(-distance)
    }
    return sum
  }

  static let rastrigin = ofNumbers("rastrigin", count: 3, -4...6) { x in
    x.map { square($0) - 10 * cos(2 * .pi * $0) + 10 }.reduce(0, +)
  }

  static let sixHumpCamel = ofOptions(
    "sixHumpCamel",
    [.real(-3...3, isLogarithmic: false), .real(-2...2, isLogarithmic: false)]
  ) { p in
    let (x, y): (Double, Double) = (square(p[0]), square(p[1]))
    let first: Double = (4 - 2.1 * x + x * x / 3) * x
    return first + p[0] * p[1] + (4 * y - 4) * y
  }

  /// A criterion, which features, a depth that depends on the criterion, a leaf's size and a share of the rows.
  static let forest = ofOptions(
    "forest",
    [
      .choices(["gini", "entropy"]), .choices(["sqrt", "log2", "third", "half", "all"]),
      .integer(2...20, isLogarithmic: false), .integer(1...100, isLogarithmic: true),
      .real(0.1...1, isLogarithmic: false),
    ]
  ) { x in
    let penalties: [Double] = [0, 0.05, 0.1, 0.3, 0.8]
    let isEntropy = x[0] == 1
    var sum: Double = penalties[Int(x[1])] + (isEntropy ? 0.15 : 0)
    sum += square((x[2] - (isEntropy ? 8 : 12)) / 6)
    sum += 0.4 * square(log(x[3]) - 1.5)
    return sum + abs(x[4] - 0.7)
  }
}

private func square(_ x: Double) -> Double { x * x }
