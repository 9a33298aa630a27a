/// Names the likeliest causes of a failed check, likeliest first.
///
/// The rules look at the vectors by layer, bias and weights apart, and each explains the parts that it
/// can, so that several faults at once are all named; what no rule explains is `unknown`, with what was
/// ruled out. When nothing is wrong the one finding is `no-fault`.
public func diagnose(_ input: DiagnosisInput) -> [Finding] {
  var findings: [Finding] = []
  if let evidence = Evidence(input) {
    var open = OpenParts(evidence)
    for rule in gradientRules { findings += rule.findings(evidence, &open) }
    findings += Unexplained.findings(evidence, open, beside: findings)
    findings = findings.likeliestFirst
    if !findings.isEmpty { findings[0].evidence += evidence.notes }
  }
  return findings.isEmpty ? [NoFault.finding(input)] : findings
}

/// The rules on gradients, in the order in which they explain. First those on the quotients' own
/// faults and on flat costs, which make all others meaningless; then exact relations; then patterns.
private let gradientRules: [any GradientRule.Type] = [
  NotFinite.self, PerturbationNotRestored.self, SecondStep.self, IntegerParameters.self,
  IntegerGradient.self, Vacuous.self, QuantizedNoise.self, ParametersNotUsed.self,
  RelativeStep.self, CostNotRepeatable.self, OtherFunction.self,
  LabelsMisencoded.self, SaturatedClampedOutput.self, SignError.self, MissingMean.self,
  BlockScaled.self, BiasRegularized.self, PenaltyConvention.self, MissingRegularization.self,
  RegularizationDoubled.self, RegularizationNotAveraged.self, RegularizationSign.self,
  RegularizationScaled.self, EpsilonTooLarge.self, LimitedWeights.self, RegularizationForm.self,
  BiasGradientMissing.self, GradientMissing.self, GradientClipped.self, TransposedBlock.self,
  KinkAtZero.self, BiasColumnMisaligned.self, BiasGradientWrong.self,
  SharedParameters.self, MissingActivationDerivative.self, UnquantizedNoise.self,
  DriftingPoint.self, NonSmoothActivation.self, InputsDiffer.self, WrongOutputDelta.self,
  HiddenDeltaWrong.self, AlikeGradients.self, SaturatedInitialization.self,
]

/// A rule on the vectors of a check.
protocol GradientRule: SendableMetatype {
  /// What the rule finds; it closes the parts whose difference that explains.
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding]
}

/// The parts whose difference is still to be explained.
struct OpenParts {
  private var parts: Set<Key>

  private struct Key: Hashable {
    let layer: Int
    let part: GradientCheck.Part
  }

  /// All that do not agree.
  init(_ evidence: Evidence) {
    parts = Set(
      evidence.layers.flatMap { layer in
        layer.parts.filter { $0.status != .agrees }.map {
          Key(layer: layer.number, part: $0.part)
        }
      })
  }

  var isEmpty: Bool { parts.isEmpty }

  /// Whether this part is still to be explained.
  func contains(_ layer: LayerEvidence, _ part: GradientCheck.Part) -> Bool {
    parts.contains(Key(layer: layer.number, part: part))
  }

  /// Whether any part of the layer is.
  func contains(_ layer: LayerEvidence) -> Bool {
    GradientCheck.Part.allCases.contains { contains(layer, $0) }
  }

  /// The layer's parts are explained.
  mutating func close(_ layer: LayerEvidence, _ part: GradientCheck.Part? = nil) {
    for one in GradientCheck.Part.allCases where part == nil || part == one {
      parts.remove(Key(layer: layer.number, part: one))
    }
  }

  /// Every part is explained.
  mutating func closeAll() { parts.removeAll() }

  /// The parts still open, as “theta1's weights”.
  func titles(_ evidence: Evidence) -> [String] {
    evidence.layers.flatMap { layer in
      layer.parts.filter { contains(layer, $0.part) }.map(\.title)
    }
  }
}
