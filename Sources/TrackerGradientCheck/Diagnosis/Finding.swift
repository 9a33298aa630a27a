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
  /// The quotients are all 0: the cost does not see the parameters that are perturbed.
  case parametersNotUsed = "parameters-not-used"
  /// A hidden delta is wrong, the layers above it are right.
  case hiddenDeltaWrong = "hidden-delta-wrong"
  /// The biases' derivatives are wrong, the weights' are right.
  case biasGradientWrong = "bias-gradient-wrong"
  /// The backward pass of a batch or layer norm is wrong.
  case normalizationBackward = "normalization-backward"
  /// One matrix is used twice, its derivative holds one use.
  case sharedParameters = "shared-parameters"
  /// Another function is differentiated than the cost, such as the output.
  case otherFunction = "other-function"
  /// The gradient is taken at other parameters than the quotients.
  case parametersDiffer = "parameters-differ"
  /// The gradient holds the sum of several batches.
  case gradientAccumulated = "gradient-accumulated"
  /// The cost is another function at each evaluation.
  case costNotRepeatable = "cost-not-repeatable"
  /// θ is an array of whole numbers.
  case integerParameters = "integer-parameters"
  /// Derivatives are kept as whole numbers.
  case integerGradient = "integer-gradient"
  /// The step is relative to the parameter, but not divided by.
  case relativeStep = "relative-step"
  /// The penalty has another factor in the cost than in the gradient, by its convention.
  case penaltyConvention = "penalty-convention"
  /// The penalty's derivative has the wrong sign.
  case regularizationSign = "regularization-sign"
  /// Something of the cost is not in the gradient.
  case costTermMissing = "cost-term-missing"
  /// The true derivative is 0: nothing is tested.
  case vacuous
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
  // Of trainings, by `TrackerDiagnosis`.
  /// No better than guessing, or than at the start.
  case notLearning = "not-learning"
  /// The outputs are the same for every input.
  case outputsConstant = "outputs-constant"
  /// The outputs are exactly 0 or 1, and the loss clips them.
  case outputsClipped = "outputs-clipped"
  /// The last activation cannot say what the loss or the targets ask for.
  case wrongOutputActivation = "wrong-output-activation"
  /// The hidden activations do not fit.
  case wrongActivation = "wrong-activation"
  /// The loss does not fit the task, the labels or the outputs.
  case wrongLoss = "wrong-loss"
  /// The targets lie where the outputs do not reach.
  case targetsOutOfRange = "targets-out-of-range"
  /// The inputs are far from unit scale.
  case inputsNotScaled = "inputs-not-scaled"
  /// The targets are far from unit scale.
  case targetsNotScaled = "targets-not-scaled"
  /// The steps jump over what they look for.
  case learningRateTooHigh = "learning-rate-too-high"
  /// The steps reach nothing in the time given.
  case learningRateTooLow = "learning-rate-too-low"
  /// The training ended while it still learnt.
  case tooFewEpochs = "too-few-epochs"
  /// The first layers get next to no gradient.
  case vanishingGradient = "vanishing-gradient"
  /// Gradients grow on their way back, or overflow.
  case explodingGradient = "exploding-gradient"
  /// Units that are 0 for every input.
  case deadUnits = "dead-units"
  /// All weights start alike.
  case constantInitialization = "constant-initialization"
  /// Batches that make too few updates.
  case batchSize = "batch-size"
  /// A method of minimisation that does not suit.
  case wrongOptimizer = "wrong-optimizer"
  /// Too few units for what has to pass them.
  case networkTooSmall = "network-too-small"
  /// More layers than can be trained.
  case redundantLayer = "redundant-layer"
  /// The steps go up the gradient.
  case gradientAscent = "gradient-ascent"
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

extension [Finding] {
  /// Adds findings; of a cause that is there already, what it has to add.
  package mutating func merge(_ findings: [Finding]) {
    for finding in findings {
      guard let index = firstIndex(where: { $0.cause == finding.cause }) else {
        append(finding)
        continue
      }
      let evidence = self[index].evidence
      if finding.likelihood > self[index].likelihood { self[index] = finding }
      self[index].evidence = finding.evidence + evidence.filter { !finding.evidence.contains($0) }
    }
  }

  /// The likeliest first; of equal likelihoods the earlier one.
  package var likeliestFirst: [Finding] {
    enumerated().sorted { a, b in
      a.element.likelihood != b.element.likelihood
        ? a.element.likelihood > b.element.likelihood : a.offset < b.offset
    }.map(\.element)
  }
}
