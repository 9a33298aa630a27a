/// What can be wrong with a gradient, its check, or a training. The raw values are what JSON carries.
public enum Cause: String, Codable, Hashable, Sendable, CaseIterable {
  /// Outputs saturate, and a clamped cost is flat there.
  case saturatedClampedOutput = "saturated-clamped-output"
  /// The data part is a sum over examples where the cost has the mean, or is averaged twice.
  case missingMean = "missing-mean"
  /// The penalty's derivative is not in the gradient.
  case missingRegularization = "missing-regularization"
  /// The bias is penalised in the gradient but not in the cost.
  case biasRegularized = "bias-regularized"
  /// λθ where λ/m · θ belongs.
  case regularizationNotAveraged = "regularization-not-averaged"
  /// The penalty's derivative is there twice.
  case regularizationDoubled = "regularization-doubled"
  /// The penalty's derivative is there by another factor, or with the wrong sign.
  case regularizationScaled = "regularization-scaled"
  /// The difference is a function of θ alone, but no multiple of it: a penalty of another form.
  case regularizationForm = "regularization-form"
  /// An activation's derivative is missing from a delta, or is another's.
  case missingActivationDerivative = "missing-activation-derivative"
  /// The gradient points the other way.
  case signError = "sign-error"
  /// A delta or its inputs are shifted by the bias unit.
  case biasColumnMisaligned = "bias-column-misaligned"
  /// The derivatives of the biases are all 0.
  case biasGradientMissing = "bias-gradient-missing"
  /// Derivatives of some units, inputs or layers are exactly 0: never computed, or not kept.
  case gradientMissing = "gradient-missing"
  /// Derivatives are cut off at a largest value.
  case gradientClipped = "gradient-clipped"
  /// The values are right, in other places: transposed, swapped, reversed, permuted.
  case transposedBlock = "transposed-block"
  /// A layer, or all, by a constant factor.
  case blockScaled = "block-scaled"
  /// The inputs of a layer in the gradient are not those in the cost.
  case inputsDiffer = "inputs-differ"
  /// The output's delta belongs to another cost or activation.
  case wrongOutputDelta = "wrong-output-delta"
  /// The differences drown in rounding.
  case epsilonTooSmall = "epsilon-too-small"
  /// The differences are not yet derivatives.
  case epsilonTooLarge = "epsilon-too-large"
  /// The cost was computed in single precision.
  case singlePrecision = "single-precision"
  /// A perturbed parameter is not put back.
  case perturbationNotRestored = "perturbation-not-restored"
  /// The labels of the gradient are not those of the cost.
  case labelsMisencoded = "labels-misencoded"
  /// A kink lies within ε.
  case nonSmoothActivation = "non-smooth-activation"
  /// The quotients are all 0: the cost does not see the parameter that is perturbed.
  case costIgnoresParameters = "cost-ignores-parameters"
  /// Derivatives that are NaN or infinite.
  case notFinite = "not-finite"
  /// The initial units are saturated: nothing is learnt through them.
  case saturatedInitialization = "saturated-initialization"
  /// The cost grew without bound.
  case diverged
  /// No step along the direction made the cost smaller.
  case lineSearchFailed = "line-search-failed"
  /// Better and better on the training part, worse on the held-out one.
  case overfitted
  /// λ so large that the weights vanish.
  case overregularized
  /// Nothing is wrong.
  case noFault = "no-fault"
  /// Something is wrong that no rule explains.
  case unknown

  /// Whether it asks for a change: everything but `noFault`.
  public var isFault: Bool { self != .noFault }
}

/// One thing that a diagnosis says, with what it rests on.
public struct Finding: Codable, Hashable, Sendable {
  /// What is wrong.
  public var cause: Cause
  /// How likely it is, 0…1. Several faults may be there at once: likelihoods do not add up to 1.
  public var likelihood: Double
  /// What is wrong, in plain sentences.
  public var summary: String
  /// The figures that speak for it.
  public var evidence: [String]
  /// The command or the change that would confirm it.
  public var confirm: String

  /// A finding.
  public init(
    cause: Cause, likelihood: Double, summary: String, evidence: [String], confirm: String
  ) {
    self.cause = cause
    self.likelihood = likelihood
    self.summary = summary
    self.evidence = evidence
    self.confirm = confirm
  }
}
