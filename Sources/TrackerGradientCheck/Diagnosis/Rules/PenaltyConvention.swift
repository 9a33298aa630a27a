/// The penalty of the cost is not λ/2m Σ θ², and the gradient has another factor of it than it should.
///
/// Equation: a − n = k θ in the weights of a layer, with k one of the few numbers that a convention and a fault make
/// together, to 2·10⁻³ (``PenaltyReading``). Where our own convention explains k as well, it is preferred, unless the
/// gradient's own slope on θ contradicts it.
enum PenaltyConvention: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard let penalty = evidence.penalty, penalty > 0 else { return [] }
    var findings: [Finding] = []
    while let first = candidates(evidence, open).first {
      let slope = first.relation.slope
      let alike = candidates(evidence, open).filter {
        abs($0.relation.slope / slope - 1) < 1e-2
      }
      for one in alike { open.close(one.layer, .weights) }
      guard
        let reading = PenaltyReading(
          slope: slope, penalty: penalty, layers: alike.map(\.layer), evidence)
      else { continue }
      findings.append(finding(reading, alike, evidence))
    }
    return findings
  }

  /// The open weights whose slope another convention explains, and not ours or not as well.
  private static func candidates(_ evidence: Evidence, _ open: OpenParts) -> [ScaledPenalty] {
    let penalty = evidence.penalty ?? 0
    return ScaledPenalty.all(evidence, open).filter { one in
      guard !one.relation.isScaled else { return false }
      let reading = PenaltyReading(
        slope: one.relation.slope, penalty: penalty, layers: [one.layer], evidence)
      return reading.map { !$0.isOurs } ?? false
    }
  }

  private static func finding(
    _ reading: PenaltyReading, _ penalties: [ScaledPenalty], _ evidence: Evidence
  ) -> Finding {
    let m = evidence.exampleCount ?? 1
    let convention =
      switch reading.convention {
      case 2: "λ/m Σ θ², without the ½"
      case Double(m): "λ/2 Σ θ², without 1/m"
      default: "λ Σ θ², without ½ and 1/m"
      }
    let names = list(penalties.map(\.layer.name))
    let (cause, what): (Cause, String) =
      switch reading.factor {
      case 0: (.missingRegularization, "none of its derivative is in the gradient")
      case 2: (.regularizationDoubled, "its derivative is in the gradient twice")
      case -1: (.regularizationSign, "its derivative is subtracted in the gradient")
      default:
        (
          .penaltyConvention,
          "half of its derivative is in the gradient, as of a penalty with another ½"
        )
      }
    var figures = penalties.map { $0.measured(evidence) }
    if let measured = reading.measured {
      figures.append(
        "the gradient's own slope on θ is \(figure(measured.slope)) (± \(figure(measured.error)))")
    }
    figures.append(
      "your λ is \(figure(reading.convention)) times ours: λ/2m Σ θ² would have the derivative \(figure(evidence.penalty ?? 0)) · θ"
    )
    return Finding(
      cause: cause, likelihood: 0.93,
      summary: "The penalty of the cost seems to be \(convention); in \(names) \(what).",
      evidence: figures,
      confirm:
        "make the gradient's penalty the derivative of the cost's: 2 * c * theta of c * (theta**2).sum(), without the "
        + "biases; check again")
  }
}
