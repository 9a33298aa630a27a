/// A check that agrees, or would, in layers that no data reach: their units are saturated or dead.
enum SaturatedInitialization: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    let input = evidence.input
    let vacuous = evidence.check.vacuousBlocks(penalty: evidence.penalty).filter { block in
      evidence.layers.contains { $0.name == block.name && isLarge($0) }
    }
    guard !vacuous.isEmpty else { return [] }
    let names = list(vacuous.map(\.name))
    return [
      Finding(
        cause: .saturatedInitialization, likelihood: 0.88,
        summary: "\(names) agrees only because both sides are the penalty alone: its units are "
          + "saturated or dead, no data reach it, nothing is learnt there, and the check proves nothing "
          + "of it.",
        evidence: vacuous.map { block in
          "\(block.name): both sides are \(figure(block.slope)) · θ, the data contribute at most "
            + figure(block.largestDataPart)
        },
        confirm: input.command.map { "\($0) --init-range 0.12" }
          ?? "begin with small weights of both signs (rng.uniform(-0.12, 0.12, shape)), and check again"
      )
    ]
  }

  /// Whether the weights are so large that they saturate a unit; small ones pass nothing on either, but
  /// that is not a matter of the start.
  private static func isLarge(_ layer: LayerEvidence) -> Bool {
    guard let theta = layer.parameters else { return false }
    return theta.reduce(0) { $0 + abs($1) } / Double(layer.columns) > 10
  }
}
