/// What a program knows of its training, in one form for all frameworks.
package struct TrainingSettings: Sendable, Hashable {
  /// What the loss is made of.
  package var loss: LossKind?
  /// The loss as the program names it.
  package var lossName: String?
  /// Whether the loss expects logits.
  package var expectsLogits = false
  /// Whether the loss is a sum over examples or units where others take a mean.
  package var sumsLoss = false
  /// Whether labels are numbers of classes, not vectors.
  package var hasSparseLabels = false
  /// The optimiser: `sgd`, `adam`, …, in lower case.
  package var optimizer: String?
  /// The length of a step per unit of gradient.
  package var learningRate: Double?
  /// The share of the last step that is made again.
  package var momentum: Double?
  /// Examples in a mini-batch.
  package var batchSize: Int?
  /// Whether a step takes all examples and nothing is drawn at random, so that a loss which rises is no noise; `nil` where
  /// that is not known, as of other programs, which may drop units.
  package var isFullBatch: Bool?
  /// Passes over the data.
  package var epochs: Int?
  /// The last layer's activation, in lower case: `softmax`, `sigmoid`, `linear`, ….
  package var lastActivation: String?
  /// The hidden layers' activations, in lower case.
  package var hiddenActivations: [String] = []
  /// Units of the last layer.
  package var outputUnits: Int?
  /// How many classes there are.
  package var classes: Int?
  /// Whether classes are told apart; `nil` where that is not known.
  package var isClassification: Bool?
  /// How many layers there are.
  package var layerCount: Int?
  /// The hidden layers' sizes.
  package var hiddenUnits: [Int] = []
  /// Inputs of an example.
  package var inputUnits: Int?
  /// The initial weights' distribution, in lower case.
  package var initializer: String?
  /// The largest initial weight, where a range was given.
  package var initialBound: Double?
  /// Whether the initial range lies on one side of 0.
  package var isOneSidedStart = false
  /// The weight of the penalty on squares, per example.
  package var penalty: Double?
  /// The share of the weights, times the rate, that a step takes off, or a penalty by that name: optimisers differ.
  package var weightDecay: Double?
  /// Examples that are learnt from.
  package var trainingExamples: Int?
  /// Examples that are held out.
  package var heldOutExamples: Int?
  /// The inputs' range.
  package var inputs: ValueRange?
  /// The targets' range.
  package var targets: ValueRange?
  /// The largest deviation of an input feature over the median one.
  package var featureSpread: Double?
  /// What guessing costs, where the program that trained says so.
  package var guessedLoss: Double?

  /// Nothing known.
  package init() {}

  /// The kinds of losses that the rules know.
  package enum LossKind: String, Sendable {
    case categoricalCrossEntropy
    case binaryCrossEntropy
    case squaredError
    case absoluteError
    case hinge
    case other
  }

  /// The range and the spread of inputs or targets.
  package struct ValueRange: Sendable, Hashable {
    /// The least value.
    package var least: Double?
    /// The greatest value.
    package var greatest: Double?
    /// The mean.
    package var mean: Double?
    /// The standard deviation.
    package var deviation: Double?

    /// A range.
    package init(
      least: Double? = nil, greatest: Double? = nil, mean: Double? = nil, deviation: Double? = nil
    ) {
      self.least = least
      self.greatest = greatest
      self.mean = mean
      self.deviation = deviation
    }

    /// The largest absolute value, if known.
    package var bound: Double? {
      switch (least, greatest) {
      case (let a?, let b?): max(abs(a), abs(b))
      case (let a?, nil), (nil, let a?): abs(a)
      default: nil
      }
    }
  }
}
