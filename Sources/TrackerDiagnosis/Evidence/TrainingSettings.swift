/// What a program knows of its training, in one form for all frameworks.
public struct TrainingSettings: Sendable, Hashable {
  /// What the loss is made of.
  public var loss: LossKind?
  /// The loss as the program names it.
  public var lossName: String?
  /// Whether the loss expects logits.
  public var expectsLogits = false
  /// Whether the loss is a sum over examples or units where others take a mean.
  public var sumsLoss = false
  /// Whether labels are numbers of classes, not vectors.
  public var hasSparseLabels = false
  /// The optimiser: `sgd`, `adam`, …, in lower case.
  public var optimizer: String?
  /// The length of a step per unit of gradient.
  public var learningRate: Double?
  /// The share of the last step that is made again.
  public var momentum: Double?
  /// Examples in a mini-batch.
  public var batchSize: Int?
  /// Whether a step takes all examples and nothing is drawn at random, so that a loss which rises is no noise; `nil` where
  /// that is not known, as of other programs, which may drop units.
  public var isFullBatch: Bool?
  /// Passes over the data.
  public var epochs: Int?
  /// The last layer's activation, in lower case: `softmax`, `sigmoid`, `linear`, ….
  public var lastActivation: String?
  /// The hidden layers' activations, in lower case.
  public var hiddenActivations: [String] = []
  /// Units of the last layer.
  public var outputUnits: Int?
  /// How many classes there are.
  public var classes: Int?
  /// Whether classes are told apart; `nil` where that is not known.
  public var isClassification: Bool?
  /// How many layers there are.
  public var layerCount: Int?
  /// The hidden layers' sizes.
  public var hiddenUnits: [Int] = []
  /// Inputs of an example.
  public var inputUnits: Int?
  /// The initial weights' distribution, in lower case.
  public var initializer: String?
  /// The largest initial weight, where a range was given.
  public var initialBound: Double?
  /// Whether the initial range lies on one side of 0.
  public var isOneSidedStart = false
  /// The weight of the penalty on squares, per example.
  public var penalty: Double?
  /// Examples that are learnt from.
  public var trainingExamples: Int?
  /// Examples that are held out.
  public var heldOutExamples: Int?
  /// The inputs' range.
  public var inputs: ValueRange?
  /// The targets' range.
  public var targets: ValueRange?
  /// The largest deviation of an input feature over the median one.
  public var featureSpread: Double?
  /// What guessing costs, where the program that trained says so.
  public var guessedLoss: Double?

  /// Nothing known.
  public init() {}

  /// The kinds of losses that the rules know.
  public enum LossKind: String, Sendable {
    case categoricalCrossEntropy
    case binaryCrossEntropy
    case squaredError
    case absoluteError
    case hinge
    case other
  }

  /// The range and the spread of inputs or targets.
  public struct ValueRange: Sendable, Hashable {
    /// The least value.
    public var least: Double?
    /// The greatest value.
    public var greatest: Double?
    /// The mean.
    public var mean: Double?
    /// The standard deviation.
    public var deviation: Double?

    /// A range.
    public init(
      least: Double? = nil, greatest: Double? = nil, mean: Double? = nil, deviation: Double? = nil
    ) {
      self.least = least
      self.greatest = greatest
      self.mean = mean
      self.deviation = deviation
    }

    /// The largest absolute value, if known.
    public var bound: Double? {
      switch (least, greatest) {
      case (let a?, let b?): max(abs(a), abs(b))
      case (let a?, nil), (nil, let a?): abs(a)
      default: nil
      }
    }
  }
}
