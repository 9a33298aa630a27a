/// The right values in the wrong places.
enum TransposedBlock: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !open.isEmpty, !evidence.hasNonFinite else { return [] }
    if let order = swappedOrder(evidence) {
      open.closeAll()
      return [
        Finding(
          cause: .transposedBlock, likelihood: 0.97,
          summary: "The layers are put together in another order than they are taken apart: "
            + "the analytic vector is \(order), then all is equal.",
          evidence: [
            "in that order the vectors have the cosine 1, as they stand \(figure(cosine(evidence.analytic, evidence.numerical)))"
          ],
          confirm: "flatten the layers' gradients in the order of the parameters, and check again")
      ]
    }
    if let moved = movedBlocks(evidence, open) {
      open.closeAll()
      return [
        Finding(
          cause: .transposedBlock, likelihood: 0.95,
          summary:
            "All derivatives are right, but the analytic vector holds them in another order than the parameters.",
          evidence: [
            "sorted by size, the two vectors are equal, to \(figure(moved.rest)) (rms); as they stand they are not"
          ] + moved.places,
          confirm:
            "flatten the layers' gradients in the order of the parameters, and check again")
      ]
    }
    return evidence.layers.flatMap { layer -> [Finding] in
      guard open.contains(layer), let found = layer.rearrangement, !found.isShift else {
        return []
      }
      open.close(layer)
      let undone =
        switch found.kind {
        case .transposed: "transposed (written by columns, read by rows)"
        case .reversedRows: "with its rows in reverse order"
        case .reversedColumns: "with its columns in reverse order"
        case .reversed: "in reverse order"
        default: "in another order"
        }
      let factor =
        abs(found.scale - 1) < 1e-3 ? "" : ", and \(figure(found.scale)) times as large"
      let finding = Finding(
        cause: .transposedBlock, likelihood: found.kind == .permuted ? 0.9 : 0.97,
        summary: "\(layer.name)'s derivatives are right, but \(undone)\(factor).",
        evidence: [
          "undone, the numerical values explain \(figure(found.match)) of the analytic; as they stand "
            + figure(found.matchInPlace)
        ],
        confirm: "undo it where \(layer.name)'s gradient is made or flattened, and check again")
      return [finding] + penaltyFindings(layer, found, evidence)
    }
  }

  /// What the slopes on θ say of the penalty, once the values are put back.
  static func penaltyFindings(
    _ layer: LayerEvidence, _ found: Rearrangement, _ evidence: Evidence
  ) -> [Finding] {
    guard let penalty = evidence.penalty, penalty > 0 else { return [] }
    var findings: [Finding] = []
    let slopes = found.slopes
    if abs(slopes.movedBias / found.scale - penalty) < 0.05 * penalty {
      findings.append(
        Finding(
          cause: .biasRegularized, likelihood: 0.9,
          summary: "The gradient penalises the biases of \(layer.name), the cost does not.",
          evidence: ["put back, a − n is \(figure(slopes.movedBias)) · θ in the bias row"],
          confirm: "leave the bias row out of λ/m · θ in the gradient, and check again"))
    }
    if abs(slopes.movedWeights / found.scale + penalty) < 0.05 * penalty,
      abs(slopes.weights) < 0.05 * penalty
    {
      findings.append(
        Finding(
          cause: .missingRegularization, likelihood: 0.9,
          summary:
            "The penalty's derivative λ/m · θ is missing from the gradient of \(layer.name).",
          evidence: ["put back, a − n is \(figure(slopes.movedWeights)) · θ"],
          confirm: "add λ/m · θ to the weights' derivatives (not the biases'), and check again"))
    }
    return findings
  }

  /// The order of layers in which the two vectors are equal.
  private static func swappedOrder(_ evidence: Evidence) -> String? {
    let layers = evidence.layers
    guard layers.count > 1, layers.allSatisfy({ $0.isUnexplained }) else { return nil }
    let reversed = Array(layers.reversed())
    guard cosine(evidence.analytic, reversed.flatMap(\.numerical)) > 0.9999,
      cosine(evidence.analytic, evidence.numerical) < 0.99
    else { return nil }
    return reversed.map(\.name).joined(separator: ", ")
  }
}

extension TransposedBlock {
  /// What is left where both vectors are sorted, and where in the analytic one the blocks stand that moved; `nil` where
  /// sorting does not make them equal, or each layer is explained by itself.
  private static func movedBlocks(
    _ evidence: Evidence, _ open: OpenParts
  ) -> (rest: Double, places: [String])? {
    let (a, n) = (evidence.analytic, evidence.numerical)
    guard evidence.layers.contains(where: { open.contains($0) && $0.rearrangement == nil }) else {
      return nil
    }
    let rest = rootMeanSquare(zip(a.sorted(), n.sorted()).map { $0 - $1 })
    // Two samples of one distribution are nearly equal when sorted.
    guard rest < 1e-4 * rootMeanSquare(n), rest < 1e-2 * rootMeanSquare(zip(a, n).map { $0 - $1 })
    else { return nil }
    let layout = evidence.check.layout
    let places = zip(layout.blocks, layout.offsets).compactMap { block, offset -> String? in
      func agrees(_ place: Int, _ index: Int) -> Bool {
        evidence.check.tolerance.agrees(a[place], n[offset + index])
      }
      // It stands where its largest entry does; few others are as large.
      let peak = (0..<block.count).max { abs(n[offset + $0]) < abs(n[offset + $1]) } ?? 0
      let starts = (0...a.count - block.count).lazy.filter { agrees($0 + peak, peak) }.prefix(64)
      let start = starts.first { start in
        (0..<block.count).allSatisfy { agrees(start + $0, $0) }
      }
      guard let start, start != offset else { return nil }
      return "\(block.name) stands at \(start) of the analytic vector, not at \(offset)"
    }
    return (rest, places)
  }
}

extension Rearrangement {
  /// Whether it is by whole rows or columns to the side.
  var isShift: Bool {
    switch kind {
    case .shiftedColumns, .shiftedRows: true
    default: false
    }
  }
}
