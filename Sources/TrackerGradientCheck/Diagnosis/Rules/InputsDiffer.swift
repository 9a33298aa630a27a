import TrackerValues

/// A right delta meets other inputs than the forward pass had: the biases agree, and each row is off by a
/// factor of its own, or in no order at all.
enum InputsDiffer: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    evidence.layers.compactMap { layer in
      guard open.contains(layer, .weights), layer.weights.status == .unexplained,
        let bias = layer.bias, bias.status == .agrees, !open.contains(layer, .bias),
        rootMeanSquare(bias.numerical) > evidence.check.tolerance.absolute,
        // A few entries are something else.
        layer.weights.failedShare > 0.25
      else { return nil }
      // A label that moved to another example leaves the last bias right too, but no layer below.
      let isAlone = evidence.layers.allSatisfy { $0.number == layer.number || $0.agrees }
      let fit = RatioFit(layer, evidence, along: .rows)
      guard isAlone || fit.explained > 0.9 else { return nil }
      // A bias that is used at many places says nothing of the places.
      let next = layer.number + 1
      let isDense = next == evidence.layers.count || layer.plan.feeds(evidence.layers[next].plan)
      open.close(layer)
      return Finding(
        cause: .inputsDiffer, likelihood: fit.explained > 0.9 ? 0.93 : isDense ? 0.8 : 0.45,
        summary:
          "\(layer.name)'s gradient is made with other inputs than its forward pass: the delta "
          + "is right, for the biases agree.",
        evidence: [
          "\(layer.bias?.title ?? "") agrees, the weights do not",
          "row by row, a is \(figure(fit.smallest))…\(figure(fit.largest)) times n, with a median R² of "
            + "\(figure(fit.determination)), which explains \(percent(fit.explained)) of the difference",
        ],
        confirm: "multiply the delta by the very array that the forward pass used (scaled, not "
          + "shuffled), and check again")
    }
  }
}

/// The data's part of a layer, a against n, line by line.
struct RatioFit {
  enum Direction { case rows, columns }

  /// The factors' median, and their range.
  let middle: Double
  let smallest: Double
  let largest: Double
  /// The median over the lines of the squared cosine of a and n.
  let determination: Double
  /// The share of Σ (a − n)² that the lines' factors explain: where a is nearly n, R² is near 1 whatever differs.
  let explained: Double
  /// The share of lines whose factor is positive.
  let positiveShare: Double

  init(_ layer: LayerEvidence, _ evidence: Evidence, along direction: Direction) {
    let p = layer.penalties(evidence.penalty)
    let a = zip(layer.analytic, p).map { $0 - $1 }
    let n = zip(layer.numerical, p).map { $0 - $1 }
    let lines: [[Int]] =
      switch direction {
      case .rows:
        (0..<layer.rows).map { row in (0..<layer.columns).map { row * layer.columns + $0 } }
      case .columns:
        (0..<layer.columns).map { column in (0..<layer.rows).map { $0 * layer.columns + column } }
      }
    var factors: [Double] = []
    var squares: [Double] = []
    let floor = 1e-6 * rootMeanSquare(n)
    var (left, whole) = (0.0, 0.0)
    for line in lines {
      let (own, other) = (line.map { a[$0] }, line.map { n[$0] })
      guard line.count >= 3, rootMeanSquare(other) > floor else { continue }
      let factor = dot(own, other) / dot(other, other)
      factors.append(factor)
      for (a, n) in zip(own, other) {
        left += (a - factor * n) * (a - factor * n)
        whole += (a - n) * (a - n)
      }
      let value = cosine(own, other)
      squares.append(value * value)
    }
    explained = whole > 0 ? 1 - left / whole : 0
    middle = median(factors)
    smallest = factors.min() ?? .nan
    largest = factors.max() ?? .nan
    determination = squares.isEmpty ? 0 : median(squares)
    positiveShare =
      factors.isEmpty ? 0 : Double(factors.count { $0 > 0 }) / Double(factors.count)
  }
}
