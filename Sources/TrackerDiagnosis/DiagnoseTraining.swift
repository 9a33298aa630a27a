package import TrackerGradientCheck

/// Names the likeliest causes of a bad training, likeliest first.
///
/// Curves tell that a training is bad; parameters and layers tell why. What contradicts itself in the parameters speaks
/// alone, such as a softmax of one unit; rates, scales and dead units only explain a curve that is bad. Where nothing is
/// wrong the one finding is `no-fault`, and where too little was there to look at, `unknown` with a likelihood of 0.
package func diagnoseTraining(_ evidence: TrainingEvidence) -> [Finding] {
  let training = Training(evidence)
  let found = findings(training)
  return found.isEmpty ? [NothingFound.finding(training)] : found
}

/// The likeliest fault of a training, if one is likelier than not: what lists and pages say in a word.
package func likelyFault(_ evidence: TrainingEvidence) -> Finding? {
  findings(Training(evidence)).first { $0.cause.isFault && $0.likelihood > 0.5 }
}

/// What the rules find, likeliest first.
private func findings(_ training: Training) -> [Finding] {
  var findings: [Finding] = []
  for rule in trainingRules { findings.merge(rule.findings(training)) }
  findings.removeAll { $0.likelihood < 0.15 }
  var ordered = Array(findings.likeliestFirst.prefix(6))
  if training.evidence.framework == .tracker { cureSymptoms(&ordered) }
  return ordered
}

/// A symptom's cure is that of its likeliest cause: options that mend nothing in particular are not advice.
private func cureSymptoms(_ findings: inout [Finding]) {
  let symptoms: Set<Cause> = [
    .notFinite, .diverged, .outputsConstant, .outputsClipped, .notLearning,
  ]
  guard
    let cause = findings.first(where: { !symptoms.contains($0.cause) && $0.likelihood >= 0.35 })
  else { return }
  for index in findings.indices where symptoms.contains(findings[index].cause) {
    findings[index].confirm = cause.confirm
  }
}

/// The rules, symptoms first: of equal likelihoods the earlier one comes first.
private let trainingRules: [any TrainingRule.Type] = [
  NotFiniteLoss.self, Diverged.self, OutputsConstant.self, OutputsClipped.self, NotLearning.self,
  WrongOutputActivation.self, WrongLoss.self, TargetsOutOfRange.self, LabelsMisencoded.self,
  GradientAscent.self,
  StalledBySaturation.self, ConstantInitialization.self, VanishingGradient.self,
  ExplodingGradient.self,
  InputsNotScaled.self, TargetsNotScaled.self, LearningRateTooHigh.self, TooFewEpochs.self,
  LearningRateTooLow.self,
  DeadUnits.self, WrongActivation.self, Overregularized.self, Overfitted.self,
  LineSearchFailed.self,
  BatchSize.self, WrongOptimizer.self, NetworkTooSmall.self, RedundantLayer.self,
]

/// A rule on trainings: one cause, and the figures that speak for it.
protocol TrainingRule: SendableMetatype {
  static func findings(_ training: Training) -> [Finding]
}
