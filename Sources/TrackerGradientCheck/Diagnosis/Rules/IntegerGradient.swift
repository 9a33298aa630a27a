/// One of the vectors, or the analytic derivatives of a layer, are kept in an array of whole numbers, as
/// `np.zeros_like(theta)` of an integer θ makes it.
///
/// Equation: one side is the other without its fraction (cut towards 0, or rounded), entry by entry, with no
/// free number. At least three entries must be other than 0, and fractions must be lost that are no mere noise, or the
/// file must say that the type is an integer's; a float that happens to be whole is not evidence.
enum IntegerGradient: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !open.isEmpty, !evidence.hasNonFinite else { return [] }
    let (a, n) = (evidence.analytic, evidence.check.numerical)
    let types = evidence.input.elementTypes
    let sides = [
      ("analytic", "grad", a, n, types.analytic), ("numerical", "n", n, a, types.numerical),
    ]
    for (name, variable, whole, other, type) in sides {
      let isDeclared = type?.contains("int") ?? false
      guard let cut = Cut(whole, other, isDeclared: isDeclared, evidence) else { continue }
      open.closeAll()
      return [
        finding(
          "The \(name) derivatives are", variable,
          [
            "every \(name) derivative is the other one \(cut.rawValue)",
            isDeclared ? "the file is of type \(type ?? "")" : "none of them has a fraction",
          ])
      ]
    }
    var figures: [String] = []
    for layer in evidence.layers {
      for part in layer.parts where open.contains(layer, part.part) {
        guard let cut = Cut(part.analytic, part.numerical, isDeclared: false, evidence) else {
          continue
        }
        open.close(layer, part.part)
        figures.append(
          "\(part.title): every analytic derivative is the numerical one \(cut.rawValue)")
      }
    }
    return figures.isEmpty
      ? [] : [finding("The analytic derivatives of some layers are", "dW", figures)]
  }

  private static func finding(
    _ subject: String, _ variable: String, _ figures: [String]
  ) -> Finding {
    Finding(
      cause: .integerGradient, likelihood: 0.97,
      summary: "\(subject) kept as whole numbers: their fractions are cut off.", evidence: figures,
      confirm:
        "make the array with dtype float (\(variable) = np.zeros(theta.shape)), and check again")
  }
}

/// How whole numbers were made.
private enum Cut: String {
  case cut = "without its fraction"
  case rounded

  /// `nil` where `whole` is not `other` as whole numbers.
  init?(_ whole: [Double], _ other: [Double], isDeclared: Bool, _ evidence: Evidence) {
    guard whole.allSatisfy({ $0 == $0.rounded() }), other.contains(where: { $0 != $0.rounded() }),
      isDeclared || whole.count(where: { $0 != 0 }) >= 3 && Self.losesFractions(of: other)
    else { return nil }
    let slack = evidence.check.tolerance.absolute * (1 + rootMeanSquare(other))
    func agrees(_ cut: (Double) -> Double) -> Bool {
      // What stands next to a whole number may fall on either side of it.
      zip(whole, other).allSatisfy { w, o in
        w == cut(o) || w == cut(o + slack) || w == cut(o - slack)
      }
    }
    if agrees({ $0.rounded(.towardZero) }) || agrees({ $0.rounded(.down) }) {
      self = .cut
    } else if agrees({ $0.rounded() }) {
      self = .rounded
    } else {
      return nil
    }
  }

  /// Whether fractions differ as chance makes them: not all near 0, nor all alike.
  private static func losesFractions(of values: [Double]) -> Bool {
    let fractions = values.map { $0 - $0.rounded(.down) }
    guard let least = fractions.min(), let greatest = fractions.max() else { return false }
    return greatest - least > 0.2 && fractions.contains { $0 > 0.1 && $0 < 0.9 }
  }
}
