import TrackerValues

/// A layer shifted by a row or column: the bias unit was counted in, or left out, at the wrong end.
enum BiasColumnMisaligned: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !evidence.hasNonFinite else { return [] }
    var findings: [Finding] = []
    for layer in evidence.layers.reversed() where open.contains(layer) {
      let side: String
      let measured: String
      if let found = layer.rearrangement, found.isShift {
        switch found.kind {
        case .shiftedColumns(let shift):
          side =
            "the bias column of the hidden delta is kept, so that every unit gets its neighbour's "
            + "derivatives"
          measured = "a[:, j\(shift > 0 ? "+" : "−")1] is n[:, j]"
        case .shiftedRows(let shift):
          side =
            "the column of ones stands at the other end of the inputs than the bias row, or the biases at the other "
            + "end of the weights in one of the vectors"
          measured = "a[i\(shift > 0 ? "+" : "−")1, :] is n[i, :]"
        default: continue
        }
        findings.append(
          finding(layer, side, measured + ", with a squared cosine of \(figure(found.match))", 0.97)
        )
      } else if let shift = ColumnShift(layer, evidence),
        // The delta above must be right, or any two units may look alike.
        layer.number + 1 < evidence.layers.count,
        layer.plan.feeds(evidence.layers[layer.number + 1].plan),
        !evidence.layers.contains(where: { $0.number > layer.number && open.contains($0) })
      {
        findings.append(
          finding(
            layer,
            "its delta is propagated back through the weights of the neighbouring unit (the bias row "
              + "is cut off at the wrong end)", shift.figure, 0.85))
      } else {
        continue
      }
      open.close(layer)
      // What is below a wrong delta is wrong for the same reason.
      for below in evidence.layers where below.number < layer.number { open.close(below) }
    }
    return findings
  }

  private static func finding(
    _ layer: LayerEvidence, _ side: String, _ measured: String, _ likelihood: Double
  ) -> Finding {
    Finding(
      cause: .biasColumnMisaligned, likelihood: likelihood,
      summary: "\(layer.name) is shifted by the bias unit: \(side).",
      evidence: ["\(layer.name): \(measured)"],
      confirm:
        "keep the biases at one end: in the inputs, in the delta, in the next layer's weights and where the vectors "
        + "are put together; then check again")
  }
}

/// Columns that follow their neighbour's numerical derivatives, each by a factor of its own (the
/// activations' derivatives), and not their own.
private struct ColumnShift {
  let figure: String

  init?(_ layer: LayerEvidence, _ evidence: Evidence) {
    guard layer.columns >= 4, layer.rows >= 4 else { return nil }
    let p = layer.penalties(evidence.penalty)
    let a = zip(layer.analytic, p).map { $0 - $1 }
    let n = zip(layer.numerical, p).map { $0 - $1 }
    func column(_ index: Int, _ matrix: [Double]) -> [Double] {
      (0..<layer.rows).map { matrix[$0 * layer.columns + index] }
    }
    func match(_ shift: Int) -> Double {
      let squares = (0..<layer.columns).compactMap { index -> Double? in
        guard (0..<layer.columns).contains(index - shift) else { return nil }
        let value = cosine(column(index, a), column(index - shift, n))
        return value * value
      }
      return median(squares)
    }
    let own = match(0)
    for shift in [1, -1] {
      let shifted = match(shift)
      guard shifted > 0.9, 1 - shifted < 0.2 * (1 - own) else { continue }
      figure =
        "a[:, j] follows n[:, j\(shift > 0 ? "−" : "+")1] with a median R² of "
        + "\(TrackerGradientCheck.figure(shifted)), n[:, j] with \(TrackerGradientCheck.figure(own))"
      return
    }
    return nil
  }
}
