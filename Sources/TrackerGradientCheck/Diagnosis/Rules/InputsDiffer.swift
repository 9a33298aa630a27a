import TrackerValues

/// A right delta meets other inputs than the forward pass had: the biases agree, and the weights do not.
///
/// Equation: inputs that are scaled and shifted in one of the passes make each row of a a multiple of n's row and of the
/// bias's derivatives. Two numbers a row are free, three where a softmax ties the outputs together. Nearly the
/// same: each row of a follows n's, and its factor explains the difference.
///
/// Without either it is a guess: a term of the cost that acts on the weights alone leaves the biases right, too, and
/// so do, under a single layer, labels in another order.
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
      let shifted = shiftedInputs(layer, bias, evidence)
      let isPlain = shifted?.holds ?? false || (fit.explained > 0.9 && fit.determination > 0.9)
      guard isAlone || isPlain else { return nil }
      open.close(layer)
      let measured =
        if let shifted, shifted.holds {
          "row by row, a is a multiple of n and of the biases' derivatives, to \(figure(shifted.rest)) (rms), where "
            + "a − n is \(figure(shifted.whole))"
        } else {
          "row by row, a is \(figure(fit.smallest))…\(figure(fit.largest)) times n, with a median R² of "
            + "\(figure(fit.determination)), which explains \(percent(fit.explained)) of the difference"
        }
      return Finding(
        cause: .inputsDiffer, likelihood: isPlain ? 0.93 : 0.45,
        summary: isPlain
          ? "\(layer.name)'s gradient is made with other inputs than its forward pass: the delta "
            + "is right, for the biases agree."
          : "\(layer.weights.title) are wrong, and the delta is right, for the biases agree. Either the delta meets other "
            + "inputs than the forward pass had, or the cost has a term or a limit of these weights that the gradient "
            + "does not know"
            + (evidence.layers.count == 1 ? ", or the labels are those of other examples." : "."),
        evidence: ["\(bias.title) agrees, \(layer.weights.title) do not", measured],
        confirm: "multiply the delta by the very array that the forward pass used (scaled, not "
          + "shuffled), and check again"
          + (isPlain ? "" : "; then take penalties and limits of the weights out of the cost"))
    }
  }

  /// How well each row of a is a multiple of n's row and of the bias's derivatives.
  private static func shiftedInputs(
    _ layer: LayerEvidence, _ bias: PartEvidence, _ evidence: Evidence
  ) -> Match? {
    let penalties = layer.penalties(evidence.penalty)
    var predicted: [Double] = []
    for row in 0..<layer.rows where row != layer.biasRow {
      let own = layer.row(row, of: penalties)
      let (a, n) = (layer.row(row, of: layer.analytic), layer.row(row, of: layer.numerical))
      func data(_ values: [Double]) -> [Double] { zip(values, own).map { $0 - $1 } }
      guard let fit = LeastSquares(data(a), on: [data(n), bias.numerical]) else { return nil }
      predicted += zip(a, fit.residual).map { $0 - $1 }
    }
    let isTied = RowSums(layer, evidence)?.isConserved ?? false
    return Match(
      layer.weights.analytic, predicted, instead: layer.weights.numerical,
      freeNumbers: (isTied ? 3 : 2) * layer.plan.inputs, check: evidence.check)
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
