/// One of the vectors is kept in an array of whole numbers, as `np.zeros_like(theta)` of an integer θ makes it.
///
/// Equation: one side is the other without its fraction (cut towards 0, or rounded), entry by entry, with no
/// free number. At least three entries must be other than 0, or the file must say that the type is an integer's;
/// a float that happens to be whole is not evidence.
enum IntegerGradient: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !open.isEmpty, !evidence.hasNonFinite else { return [] }
    let (a, n) = (evidence.analytic, evidence.check.numerical)
    let types = evidence.input.elementTypes
    let sides = [
      ("analytic", "grad", a, n, types.analytic), ("numerical", "n", n, a, types.numerical),
    ]
    for (name, variable, whole, other, type) in sides {
      guard whole.allSatisfy({ $0 == $0.rounded() }), other.contains(where: { $0 != $0.rounded() })
      else { continue }
      let isDeclared = type?.contains("int") ?? false
      let slack = evidence.check.tolerance.absolute * (1 + rootMeanSquare(other))
      func agrees(_ cut: (Double) -> Double) -> Bool {
        // What stands next to a whole number may fall on either side of it.
        zip(whole, other).allSatisfy { w, o in
          w == cut(o) || w == cut(o + slack) || w == cut(o - slack)
        }
      }
      let isCut = agrees { $0.rounded(.towardZero) } || agrees { $0.rounded(.down) }
      guard isCut || agrees({ $0.rounded() }) else { continue }
      guard isDeclared || whole.count(where: { $0 != 0 }) >= 3 else { continue }
      open.closeAll()
      return [
        Finding(
          cause: .integerGradient, likelihood: 0.97,
          summary:
            "The \(name) derivatives are kept as whole numbers: their fractions are cut off.",
          evidence: [
            "every \(name) derivative is the other one \(isCut ? "without its fraction" : "rounded")",
            isDeclared ? "the file is of type \(type ?? "")" : "none of them has a fraction",
          ],
          confirm:
            "make the array with dtype float (\(variable) = np.zeros(theta.shape)), and check "
            + "again")
      ]
    }
    return []
  }
}
