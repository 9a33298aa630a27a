/// What no rule explains.
enum Unexplained {
  static func findings(
    _ evidence: Evidence, _ open: OpenParts, beside found: [Finding]
  ) -> [Finding] {
    guard !open.isEmpty else { return [] }
    let alike = cosine(evidence.analytic, evidence.numerical)
    var figures = open.titles(evidence).map { "\($0) differs, and no rule explains it" }
    figures.append("the cosine between both gradients is \(figure(alike))")
    figures.append(ruledOut(evidence, beside: found))
    var missing: [String] = []
    if evidence.check.parameters == nil { missing.append("θ (--theta)") }
    if evidence.exampleCount == nil { missing.append("m (--examples)") }
    if evidence.input.lambda == nil { missing.append("λ (--lambda)") }
    if evidence.check.cost == nil { missing.append("J") }
    if evidence.input.secondStep == nil { missing.append("quotients with another ε") }
    let hint =
      alike > 0.7
      ? " They are alike all the same, as when the cost and the gradient see different examples "
        + "(a mini-batch, a dropout mask) or slightly different parameters." : ""
    return [
      Finding(
        cause: .unknown, likelihood: found.isEmpty ? 0.9 : 0.3,
        summary: "The gradients differ in \(list(open.titles(evidence))) in a way that no rule "
          + "explains.\(hint)",
        evidence: figures,
        confirm: "give \(list(missing)); or check a network of one example and two units, by hand")
    ]
  }

  /// What was really tried on these parts, and failed.
  private static func ruledOut(_ evidence: Evidence, beside found: [Finding]) -> String {
    guard found.isEmpty else {
      return
        "nothing is ruled out here: what is found above may hide it; mend that first, and check again"
    }
    var tried = ["a constant factor", "a transposition or shift", "rounding", "a running sum"]
    if evidence.check.parameters != nil { tried.append("a multiple of θ") }
    if evidence.exampleCount != nil { tried.append("labels of another order") }
    return "ruled out as the only fault: \(list(tried))"
  }
}
