/// One matrix is used twice, and its derivative holds one of the two uses only.
///
/// Equation: two blocks of θ are equal, as they stand or one transposed, to the last bit in six entries or more;
/// then the quotient of each is the sum of both uses, n = a + a′, entry by entry, with no free number.
enum SharedParameters: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !open.isEmpty, !evidence.hasNonFinite else { return [] }
    for one in evidence.layers {
      for other in evidence.layers where other.number > one.number {
        guard let transposed = areShared(one, other), open.contains(one, .weights) else { continue }
        let second = transposed ? transpose(other.weights.analytic, other) : other.weights.analytic
        let sum = zip(one.weights.analytic, second).map { $0 + $1 }
        let match = Match(
          one.weights.numerical, sum, instead: one.weights.analytic, check: evidence.check)
        guard match.holds else { continue }
        open.close(one, .weights)
        open.close(other, .weights)
        return [
          Finding(
            cause: .sharedParameters, likelihood: 0.97,
            summary:
              "\(one.name) and \(other.name) are one and the same matrix: its derivative is the sum of both "
              + "uses, the gradient holds one in each place.",
            evidence: [
              "θ is equal in both\(transposed ? ", one of them transposed" : "")",
              "\(one.weights.title): n is the sum of both analytic derivatives",
            ],
            confirm: "add the two derivatives, or check with two separate copies")
        ]
      }
    }
    return []
  }

  /// Whether two layers have the same weights, and if so, whether transposed.
  private static func areShared(_ one: LayerEvidence, _ other: LayerEvidence) -> Bool? {
    guard let a = one.weights.parameters, let b = other.weights.parameters, a.count >= 6,
      a.count == b.count, a.contains(where: { $0 != 0 })
    else { return nil }
    if one.columns == other.columns, a == b { return false }
    return one.plan.inputs == other.columns && a == transpose(b, other) ? true : nil
  }

  private static func transpose(_ matrix: [Double], _ layer: LayerEvidence) -> [Double] {
    (0..<layer.columns).flatMap { column in
      stride(from: column, to: matrix.count, by: layer.columns).map { matrix[$0] }
    }
  }
}
