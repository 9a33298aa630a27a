import TrackerSystem

/// Whether the difference looks like rounding of the cost, and of which precision.
///
/// Quotients of whole costs are whole multiples of ulp(J)/2ε, for a difference of neighbouring numbers is
/// exact; and rounding is the same for all parameters, however large their derivatives, and has no
/// preferred sign.
struct NoiseStructure {
  /// How many bits the cost's significand seems to have; `nil` where both are possible.
  enum Precision: Hashable { case single, double }

  /// The root of the mean square of a − n.
  let size: Double
  /// The quantum of n, if there is one.
  let quantum: Double?
  /// The precision that the cost's size makes plausible.
  let precision: Precision?
  /// What speaks for it.
  let figures: [String]

  /// `nil` where the difference is not such noise.
  init?(_ evidence: Evidence) {
    let check = evidence.check
    let difference = zip(evidence.analytic, check.numerical).map { $0 - $1 }
    guard check.method != .complexStep, difference.allSatisfy(\.isFinite) else { return nil }
    let size = rootMeanSquare(difference)
    let step = check.method == .forward ? check.epsilon : 2 * check.epsilon
    let quantum = Self.quantum(check.numerical, step: step)
    // A quantum far below the differences did not make them.
    let isQuantised = quantum.map { $0 > 0.02 * size && size < 400 * $0 } ?? false
    guard isQuantised || Self.isEven(evidence, difference) else { return nil }
    self.size = size
    self.quantum = isQuantised ? quantum : nil
    var figures = [
      "a − n is \(figure(size)) (rms) whatever the size of the derivative, of both signs"
    ]
    // A unit in the last place of the cost, from the noise.
    let unit = isQuantised ? (quantum ?? size) * step : size * step
    if let quantum, isQuantised {
      figures.append(
        "every quotient is a whole multiple of \(figure(quantum)), that is \(figure(unit)) / "
          + (check.method == .forward ? "ε" : "2ε"))
    }
    if let cost = check.cost, cost.isFinite, cost != 0 {
      let single = unit / Double(Float(cost).ulp)
      let double = unit / cost.ulp
      figures.append(
        "J = \(figure(cost)): that is \(figure(single)) ulp(J) in single, \(figure(double)) in double "
          + "precision")
      if (0.05...64).contains(single) {
        precision = .single
      } else if (0.05...1e4).contains(double) {
        precision = .double
      } else {
        return nil
      }
    } else {
      // The cost that would make such noise.
      let single = unit / Double(Float(1).ulp)
      let double = unit / 1.0.ulp
      figures.append(
        "a cost of about \(figure(single)) in single or \(figure(double)) in double precision makes it"
      )
      let isSingle = (3e-3...3e4).contains(single)
      let isDouble = (3e-3...3e4).contains(double)
      guard isSingle || isDouble else { return nil }
      precision = isSingle == isDouble ? nil : isSingle ? .single : .double
    }
    self.figures = figures
  }

  /// The largest 2^k / step of which all values that are not 0 are whole multiples.
  private static func quantum(_ values: [Double], step: Double) -> Double? {
    let scaled = values.compactMap { $0 != 0 && $0.isFinite ? $0 * step : nil }
    guard scaled.count >= 8 else { return nil }
    let smallest = scaled.reduce(.infinity) { min($0, abs($1)) }
    let largest = scaled.reduce(0) { max($0, abs($1)) }
    var unit = exp2(log2(smallest * 1.5).rounded(.down))
    // Beyond 10^5 multiples the quotient's own rounding would make anything look whole.
    while largest / unit < 1e5 {
      let isWhole = scaled.allSatisfy { value in
        let multiple = value / unit
        return abs(multiple - multiple.rounded()) < 1e-3 + 1e-6 * abs(multiple)
      }
      if isWhole { return unit / step }
      unit /= 2
    }
    return nil
  }

  /// Whether the differences are of one size in all parts, of both signs, and unlike their neighbours and
  /// the derivatives.
  private static func isEven(_ evidence: Evidence, _ difference: [Double]) -> Bool {
    let parts = evidence.parts.filter { $0.difference.count >= 6 }
    // Of few entries much that is no noise looks like it; J vouches for its size.
    guard difference.count >= (evidence.check.cost == nil ? 1000 : 100), !parts.isEmpty else {
      return false
    }
    let size = rootMeanSquare(difference)
    // Noise has no exact relation to anything.
    guard !parts.contains(where: { ($0.relation?.explained ?? 0) > 0.999 }) else { return false }
    for part in parts {
      let own = rootMeanSquare(part.difference)
      guard own > size / 4, own < size * 4 else { return false }
      let mean = part.difference.reduce(0, +) / Double(part.difference.count)
      guard abs(mean) < 4 * own / Double(part.difference.count).squareRoot() else { return false }
      // Heavy tails are kinks or a few wrong entries.
      let typical = median(part.difference.map(abs))
      guard typical > 0.2 * own else { return false }
    }
    let limit = 4.5 / Double(difference.count).squareRoot()
    let neighbours = cosine(Array(difference.dropLast()), Array(difference.dropFirst()))
    guard abs(neighbours) < limit, abs(cosine(difference, evidence.analytic)) < limit else {
      return false
    }
    return Self.isEvenAcross(evidence)
  }

  /// Whether no row and no column of any layer is out of the ordinary; a fault of back-propagation
  /// grows with the inputs and the deltas.
  private static func isEvenAcross(_ evidence: Evidence) -> Bool {
    evidence.layers.allSatisfy { layer in
      let difference = zip(layer.analytic, layer.numerical).map { $0 - $1 }
      let lines =
        (0..<layer.rows).map { layer.row($0, of: difference) }
        + (0..<layer.columns).map { column in
          (0..<layer.rows).map { difference[$0 * layer.columns + column] }
        }
      let long = lines.filter { $0.count >= 8 }.map(rootMeanSquare)
      guard let least = long.min(), let most = long.max() else { return true }
      return most < 6 * least
    }
  }
}
