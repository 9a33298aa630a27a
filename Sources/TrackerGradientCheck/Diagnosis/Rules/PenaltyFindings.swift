/// The open weights in which the penalty's part is scaled, or, without λ and m, in which a − n is a multiple
/// of θ.
struct ScaledPenalty {
  let layer: LayerEvidence
  let relation: LinearRelation
  /// By how much; `nil` without λ and m.
  let factor: Double?

  /// What was measured.
  func measured(_ evidence: Evidence) -> String {
    "\(layer.name)'s weights: a − \(relation.isScaled ? "\(figure(relation.scale)) · " : "")n is "
      + "\(figure(relation.slope)) · θ (± \(figure(relation.slopeError)))"
      + (evidence.penalty.map { ", where λ/m is \(figure($0))" } ?? "")
  }

  /// The name of a fault that puts this factor in.
  static func cause(ofFactor factor: Double, exampleCount: Int?) -> Cause {
    if KnownFactor.matches(factor, 0, within: 0.1) { return .missingRegularization }
    if KnownFactor.matches(factor, 2, within: 0.05) { return .regularizationDoubled }
    if KnownFactor.matches(factor, -1, within: 0.02) { return .regularizationSign }
    if let exampleCount, KnownFactor.matches(factor, Double(exampleCount), within: 0.02) {
      return .regularizationNotAveraged
    }
    return .regularizationScaled
  }

  /// All that are open.
  static func all(_ evidence: Evidence, _ open: OpenParts) -> [ScaledPenalty] {
    evidence.layers.compactMap { layer in
      guard open.contains(layer, .weights), layer.weights.status == .related,
        let relation = layer.weights.relation, relation.slope != 0
      else { return nil }
      return ScaledPenalty(layer: layer, relation: relation, factor: relation.penaltyFactor)
    }
  }

  /// The finding for all layers whose factor `isFault` accepts, which are then explained.
  static func finding(
    _ cause: Cause, _ evidence: Evidence, _ open: inout OpenParts, summary: (String) -> String,
    confirm: String, where isFault: (ScaledPenalty) -> Bool
  ) -> Finding? {
    let penalties = all(evidence, open).filter(isFault)
    guard !penalties.isEmpty else { return nil }
    for penalty in penalties { open.close(penalty.layer, .weights) }
    let isCertain = penalties.allSatisfy { $0.factor != nil }
    return Finding(
      cause: cause, likelihood: isCertain ? 0.97 : 0.8,
      summary: summary(list(penalties.map(\.layer.name))),
      evidence: penalties.map { $0.measured(evidence) }
        + (isCertain ? [] : ["λ and m are not both known: with them the factor would be certain"]),
      confirm: confirm)
  }
}
