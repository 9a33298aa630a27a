/// The gradient, or its data part, points the other way.
enum SignError: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    let mixed = mixedSigns(evidence, &open)
    return mixed
      + ScaleGroup.all(evidence, open).filter { group in
        group.scale < 0
      }.map { group in
        if KnownFactor.matches(group.scale, -1, within: 2e-3) { group.close(&open) }
        return Finding(
          cause: .signError, likelihood: 0.98,
          summary: "The sign is wrong in \(group.title(evidence)): the analytic derivative is the "
            + "numerical one times \(figure(group.scale)). Often the delta is label − output instead "
            + "of output − label.",
          evidence: group.figures,
          confirm: "reverse the sign of the delta in \(group.title(evidence)), and check again")
      }
  }

  /// Layers in which both sides have the same sizes and only some of them the same sign.
  private static func mixedSigns(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    let tolerance = evidence.check.tolerance
    let layers = evidence.layers.filter { layer in
      layer.isUnexplained && open.contains(layer)
        && zip(layer.analytic, layer.numerical).allSatisfy { a, n in
          tolerance.agrees(abs(a), abs(n), rounding: evidence.check.rounding)
        }
    }
    guard !layers.isEmpty else { return [] }
    for layer in layers { open.close(layer) }
    return [
      Finding(
        cause: .signError, likelihood: 0.95,
        summary:
          "The sign is wrong in some entries of \(list(layers.map(\.name))), the sizes are right.",
        evidence: layers.map { layer in
          let wrong = zip(layer.analytic, layer.numerical).count { $0 * $1 < 0 }
          return
            "\(layer.name): \(wrong) of \(layer.analytic.count) derivatives differ in nothing but sign"
        },
        confirm: "look for an absolute value or a reversed difference, and check again")
    ]
  }
}
