import TrackerSystem
import TrackerValues

/// Whether the difference looks like rounding of the cost, and of which precision.
///
/// A difference of neighbouring numbers is exact, so that quotients of whole costs are whole multiples of ulp(J)/2ε
/// (or of a half or quarter of it, where J is summed up from smaller numbers). Every entry that is a multiple below
/// 10⁵, to a thousandth, is nine bits of evidence, whatever the analytic side says.
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
  ///
  /// A quantum must be there, and the differences be some few of them; or, where `isUnquantized` allows it, they must
  /// be alike everywhere, of a size that J's rounding explains. That takes 100 entries and J.
  init?(_ evidence: Evidence, isUnquantized: Bool) {
    let check = evidence.check
    let difference = zip(evidence.analytic, check.numerical).map { $0 - $1 }
    guard check.method != .complexStep, difference.allSatisfy(\.isFinite) else { return nil }
    let size = rootMeanSquare(difference)
    let step = check.method == .forward ? check.epsilon : 2 * check.epsilon
    let isQuantised =
      evidence.quantum.map { Self.isNoise(evidence, difference, quantum: $0) } ?? false
    guard isQuantised || (isUnquantized && Self.isEven(evidence, difference)) else { return nil }
    self.size = size
    quantum = isQuantised ? evidence.quantum : nil
    var figures = [
      "a − n is \(figure(size)) (rms) whatever the size of the derivative, of both signs"
    ]
    // A unit in the last place of the cost, from the noise.
    let unit = (quantum ?? size) * step
    if let quantum {
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
      guard quantum != nil else { return nil }
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
    if evidence.input.elementTypes.numerical == "float32"
      || evidence.input.elementTypes.parameters == "float32"
    {
      figures.append("the vectors come as float32")
    }
    self.figures = figures
  }

  /// The number that all quotients of a check are whole multiples of; `nil` where there is none.
  static func quantum(of check: GradientCheck) -> Double? {
    guard check.method != .complexStep else { return nil }
    let step = check.method == .forward ? check.epsilon : 2 * check.epsilon
    let scaled = check.numerical.compactMap { $0 != 0 && $0.isFinite ? $0 * step : nil }
    // With J the unit is known, and a few entries are enough; a half and a quarter of it may be in the sum.
    if let cost = check.cost, cost.isFinite, cost != 0, scaled.count >= 3 {
      for ulp in [Double(Float(cost).ulp), cost.ulp] {
        for part in [1.0, 0.5, 0.25, 0.125] where areMultiples(scaled, of: ulp * part) {
          return ulp * part / step
        }
      }
    }
    guard scaled.count >= 8 else { return nil }
    let smallest = scaled.reduce(.infinity) { min($0, abs($1)) }
    let largest = scaled.reduce(0) { max($0, abs($1)) }
    var unit = exp2(log2(smallest * 1.5).rounded(.down))
    while largest / unit < 1e5 {
      if areMultiples(scaled, of: unit) { return unit / step }
      unit /= 2
    }
    return nil
  }

  private static func areMultiples(_ values: [Double], of unit: Double) -> Bool {
    values.allSatisfy { value in
      let multiple = value / unit
      // Beyond 10⁵ multiples the quotient's own rounding would make anything look whole.
      return abs(multiple) < 1e5
        && abs(multiple - multiple.rounded()) < 1e-3 + 1e-6 * abs(multiple)
    }
  }

  /// Whether the differences are a few quanta: at most 8 (rms) of what costs are summed up to, with no entry far
  /// beyond; or at most 40 that have nothing in common with the derivatives.
  private static func isNoise(
    _ evidence: Evidence, _ difference: [Double], quantum: Double
  ) -> Bool {
    let size = rootMeanSquare(difference)
    // A quantum far below the differences did not make them.
    guard size > 0.02 * quantum, size < 40 * quantum else { return false }
    // θ ± ε is rounded too: the step is wrong by ulp(θ)/ε, and the quotient with it.
    let check = evidence.check
    let isSingle = check.cost.map { quantum * check.epsilon > 1e4 * $0.ulp } ?? true
    let stepError = isSingle ? 1e-7 / check.epsilon : 0
    let isWithin = difference.indices.allSatisfy { index in
      abs(difference[index]) <= 24 * quantum + stepError * abs(evidence.analytic[index])
    }
    if size < 8 * quantum, isWithin { return true }
    let limit = 4 / Double(difference.count).squareRoot()
    return difference.count >= 16 && abs(cosine(difference, evidence.analytic)) < limit
      && abs(cosine(Array(difference.dropLast()), Array(difference.dropFirst()))) < limit
  }

  /// Whether the differences are of one size in all parts, of both signs, and unlike their neighbours and
  /// the derivatives.
  private static func isEven(_ evidence: Evidence, _ difference: [Double]) -> Bool {
    let parts = evidence.parts.filter { $0.difference.count >= 6 }
    // Of few entries much that is not noise looks like it; J vouches for its size.
    guard difference.count >= 100, let cost = evidence.check.cost, !parts.isEmpty else {
      return false
    }
    let size = rootMeanSquare(difference)
    let rounding = evidence.check.method.roundingError(cost: cost, epsilon: evidence.check.epsilon)
    // In double precision only; a cost in single precision has quanta.
    guard size < 1e3 * rounding else { return false }
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
