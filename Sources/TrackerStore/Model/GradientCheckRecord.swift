/// A gradient check as a record: what was compared, how, and what came of it, block by block.
///
/// The store knows nothing of networks: a block is a named matrix inside two flat vectors.
public struct GradientCheckRecord: Hashable, Sendable {
  /// The store's number for it; 0 before it is stored.
  public var id: Int64
  /// The epoch at which it was made.
  public var step: Int64
  /// `start`, `end` or `step`: where in the run that was.
  public var moment: String
  /// The step of the difference quotient.
  public var epsilon: Double
  /// `central`, `forward` or `complex-step`.
  public var method: String
  /// The absolute part of the tolerance.
  public var tolerance: Double
  /// The relative part of the tolerance.
  public var relativeTolerance: Double
  /// Whether every entry was within the tolerance.
  public var passed: Bool
  /// How long it took.
  public var seconds: Double
  /// The cost at the point of the check, if known.
  public var cost: Double?
  /// The parts of the two vectors, in order; a layer's bias and weights apart.
  public var blocks: [Block]
  /// The entries with the largest differences, worst first.
  public var worst: [Entry]
  /// What else is known of it.
  public var context = Context()

  /// What is known of a check beside its vectors; a diagnosis uses what is there.
  public struct Context: Hashable, Sendable {
    /// How the vectors are cut into matrices, as `tracker check --layout` reads it; `nil`: as the blocks say.
    public var layout: String?
    /// m, the examples that the cost is a mean over.
    public var exampleCount: Int?
    /// λ, of the penalty λ/2m Σ θ².
    public var lambda: Double?
    /// The hidden layers' activation, such as `relu`.
    public var activation: String?
    /// What the cost is, such as `mse` or `cross-entropy`.
    public var costForm: String?
    /// The cost, evaluated again and again at the same parameters.
    public var costs: [Double] = []
    /// The element type of the derivatives where they come from, such as `float32` or `int64`.
    public var analyticType: String?
    /// The same of the difference quotients.
    public var numericalType: String?
    /// The same of the parameters.
    public var parametersType: String?
    /// The step of ``Vectors/secondNumerical``.
    public var secondEpsilon: Double?

    /// Nothing known.
    public init() {}
  }

  /// The bias or the weights of one layer.
  public struct Block: Hashable, Sendable {
    /// `theta1`, `theta2`, …
    public var name: String
    /// `bias` or `weights`.
    public var part: String
    /// The whole layer's rows, bias row included.
    public var rows: Int
    /// The layer's columns.
    public var columns: Int
    /// How many entries were compared.
    public var checkedCount: Int
    /// How many were outside the tolerance.
    public var failedCount: Int
    /// max |analytic − numerical|.
    public var maxAbsoluteDifference: Double
    /// max |analytic − numerical| / max(|analytic|, |numerical|).
    public var maxRelativeDifference: Double
    /// The entry with the largest absolute difference.
    public var worst: Entry?

    /// A part of a check.
    public init(
      name: String, part: String, rows: Int, columns: Int, checkedCount: Int, failedCount: Int,
      maxAbsoluteDifference: Double, maxRelativeDifference: Double, worst: Entry?
    ) {
      self.name = name
      self.part = part
      self.rows = rows
      self.columns = columns
      self.checkedCount = checkedCount
      self.failedCount = failedCount
      self.maxAbsoluteDifference = maxAbsoluteDifference
      self.maxRelativeDifference = maxRelativeDifference
      self.worst = worst
    }
  }

  /// One parameter's two derivatives.
  public struct Entry: Hashable, Sendable {
    /// The layer's name.
    public var block: String
    /// The row within the layer, the bias row included.
    public var row: Int
    /// The column within the layer.
    public var column: Int
    /// The derivative that the program claims.
    public var analytic: Double
    /// The difference quotient.
    public var numerical: Double

    /// One parameter's two derivatives.
    public init(block: String, row: Int, column: Int, analytic: Double, numerical: Double) {
      self.block = block
      self.row = row
      self.column = column
      self.analytic = analytic
      self.numerical = numerical
    }
  }

  /// The vectors of a check, whole, so that it can be drawn and diagnosed later.
  public struct Vectors: Hashable, Sendable {
    /// The derivatives that the program claims, length n.
    public var analytic: [Double]
    /// The difference quotients, length n.
    public var numerical: [Double]
    /// The parameters at which both were taken, length n, if known.
    public var parameters: [Double]?
    /// Difference quotients with another step, ``Context/secondEpsilon``, length n, if there are any.
    public var secondNumerical: [Double]?

    /// The two gradients and the point they were taken at.
    public init(
      analytic: [Double], numerical: [Double], parameters: [Double]?,
      secondNumerical: [Double]? = nil
    ) {
      self.analytic = analytic
      self.numerical = numerical
      self.parameters = parameters
      self.secondNumerical = secondNumerical
    }
  }

  /// A check to be stored.
  public init(
    id: Int64 = 0, step: Int64, moment: String, epsilon: Double, method: String, tolerance: Double,
    relativeTolerance: Double, passed: Bool, seconds: Double, cost: Double?, blocks: [Block],
    worst: [Entry]
  ) {
    self.id = id
    self.step = step
    self.moment = moment
    self.epsilon = epsilon
    self.method = method
    self.tolerance = tolerance
    self.relativeTolerance = relativeTolerance
    self.passed = passed
    self.seconds = seconds
    self.cost = cost
    self.blocks = blocks
    self.worst = worst
  }

  /// How many entries were compared.
  public var checkedCount: Int { blocks.reduce(0) { $0 + $1.checkedCount } }
  /// How many entries were outside the tolerance.
  public var failedCount: Int { blocks.reduce(0) { $0 + $1.failedCount } }
  /// The largest absolute difference; NaN if any is.
  public var maxAbsoluteDifference: Double {
    blocks.reduce(0) { .maximumPropagatingNaN($0, $1.maxAbsoluteDifference) }
  }
  /// The largest relative difference; NaN if any is.
  public var maxRelativeDifference: Double {
    blocks.reduce(0) { .maximumPropagatingNaN($0, $1.maxRelativeDifference) }
  }
}

extension Double {
  fileprivate static func maximumPropagatingNaN(_ a: Double, _ b: Double) -> Double {
    a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
  }
}
